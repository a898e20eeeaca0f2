// In a student copy, this file is the grader itself. Here it is built from the sources, and rebuilt when they change.
require('./build').load('grade', module);
