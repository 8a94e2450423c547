class Refused(Exception):
    code: str = ""
    detail: str = ""
    field: str | None = None
