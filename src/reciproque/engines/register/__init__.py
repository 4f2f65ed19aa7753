"""The register of companies (SIRENE): INSEE's stock files made into an index on disk, and whom a name means in it.

`loading.load` makes the index, `index.opened` reads it, `qualifying.qualify` finds the companies of a file, `identify` is what
de-duplication takes from it. Nothing heavy is imported here.
"""
