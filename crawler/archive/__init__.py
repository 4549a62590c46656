"""The only room that opens a database or writes a file. No HTML, no HTTP."""
