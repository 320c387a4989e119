"""For the person at the command line: add a document, explain a record, report, review, say what is due."""
