"""A whole organisation as one file, and back again: leaving with everything.

registry    what of each table travels: rooms register their models
fields      how one value is written and read; links that are no foreign keys (subjects, paths, keys inside JSON)
order       which table comes before which
staging     ids outside the database: a file of its own, gone afterwards
leaving     rows, files and record of an organisation into a ZIP
record      the organisation's entries of the record, with proofs; verified without a database
opening     a ZIP that nobody vouched for: names, sizes, sums
checking    an archive against its own sums, its form, its references and its record; needs no rows of the database
coming      what would come, and what collides
services    the acts: begin, finish, cancel, fetch; arrive, take back
"""
