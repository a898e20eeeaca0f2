// After the reporter, and whichever reporter there is.
module.exports = require('./artifacts').end;
