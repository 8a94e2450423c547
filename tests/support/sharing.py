"""Which tests run one after the other on one worker, because they share what is slow to start."""

from xdist.scheduler import LoadScopeScheduling

# Each of these folders has one running system, or kills what others would need.
TOGETHER = ("tests/documents/", "tests/faults/", "tests/pages/system/")


def group_of(test_id: str) -> str:
    """The folder that stays together, or else the file."""
    file = test_id.partition("::")[0]
    return next((folder for folder in TOGETHER if file.startswith(folder)), file)


class ByWhatTheyShare(LoadScopeScheduling):
    """In place of marks with groups, which pytest-xdist 3.8 loses silently from pytest 9.2 on."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
