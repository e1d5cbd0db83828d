"""Countries as they stand in company names: spellings, native and English, and their codes."""

from app.accounts.matching.data import rows

PLACES = {
    tuple(spelling.split()): row["code"]
    for row in rows("places.csv")
    for spelling in row["spellings"].split("|")
}
"""Words of a country's name -> its ISO 3166 code."""

LONGEST_PLACE = max(map(len, PLACES))
