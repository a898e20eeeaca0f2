// In a student's copy, this file is the grader itself. Here it builds the grader from the sources, again whenever they
// change.
require('./build').load('grade', module);
