// A students' copy has the grader itself in this place. Here it is built of the sources, and made anew where they change.
require('./build').load('grade', module);
