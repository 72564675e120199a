"""What can be wrong with an audit's question or data, as codes with parameters and one English sentence each."""

from trygg.engines.tabular.errors import TableError

MESSAGES: dict[str, str] = {
    "no_attributes": "No attribute is named. Name at least one column, such as sex, by which groups are compared.",
    "twice": "Column {column!r} is named as {first} and as {second}. Each column has one part to play.",
    "too_many_attributes": "{count} attributes are named, {columns}; at most {limit} can be crossed.",
    "decision_values": "Column {column!r} must hold two kinds of {what}, but has {count}: {values}.",
    "one_value": "Column {column!r} holds only the value {values}; a {what} needs two kinds, or 0 and 1.",
    "favourable_missing": "Say which value of {column!r} is favourable for the child, with --favourable. There are: {values}.",
    "favourable": "{value!r} is no value of column {column!r}{nearest}. Say which is favourable; there are: {values}.",
    "positive_missing": "Say which value of {column!r} counts as the event, with {option}. There are: {values}.",
    "positive": "{value!r} is no value of column {column!r} ({option}){nearest}. There are: {values}.",
    "many_values": (
        "Column {column!r} has {count} different values, such as {value!r}; an attribute may have at most {limit}. "
        "Make broader groups of them first."
    ),
    "dates": "Column {column!r} holds dates, such as {value!r}. Dates are no groups: make age groups or years of them, or use --period.",
    "formula": "Column {column!r} has the value {value!r}, which looks like a spreadsheet formula. Save the values instead of the formulas.",
    "all_missing": "Column {column!r} has no value in any row. Leave it out, or check the export.",
    "no_decision": "Column {column!r} is empty in every row: there is no decision to audit.",
    "reference_attribute": "--reference {column}={value}: {column!r} is not one of the attributes ({choices}).",
    "reference_value": "--reference {column}={value}: column {column!r} has no value {value!r}{nearest}. There are: {choices}.",
    "metric": "{value!r} is no metric{nearest}. There are: {choices}.",
    "primary": "--primary {value}: write METRIC:ATTRIBUTE, such as fnr:{example}.",
    "primary_attribute": "--primary {value}: {column!r} is not one of the attributes ({choices}).",
    "primary_outcome": "--primary {value}: {metric} cannot be known without an outcome. Name the column with --outcome.",
    "pair": "{option} {value}: write {form}.",
    "material": "--material {value}: the size must be a number above 0 and below 1, such as 0.05 for five points.",
    "number": "{option} must be {what}; {value} is not.",
    "top_k": "--rank and --top-k go together: name the column of ranks, and how many are on top.",
    "bins": "The number of bins must be a multiple of 20 from 20 to 1,000; {value} is not.",
    "cube_format": "{file} is no cube or audit of Trygg: {detail}.",
    "cube_older": "{file} has the format {found!r}; this version reads {known!r}.",
    "not_comparable": "{old} and {new} cannot be compared: {what} differs ({before} and {after}).",
}


class AuditError(TableError):
    """An audit that cannot be made as asked; nothing is written."""

    messages = MESSAGES
