"""Bringing in register files: read and checked in chunks, looked at by a person, applied in one short transaction, undone as one act.

keeping    the uploaded file, until the import is over
reading    what the file is, and its rows staged in chunks
matching   which system of the register a row is about
services   the acts: begin, choose columns, choose a match, apply, undo, discard
exporting  systems out again
"""
