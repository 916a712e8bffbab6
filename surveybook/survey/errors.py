"""The one exception of the package for data that cannot be used."""


from surveybook.errors import Refusal


class DataError(Refusal, ValueError):
    """Data or a descriptor that cannot be used: one sentence with the file, the place and what to do."""
