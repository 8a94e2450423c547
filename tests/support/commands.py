"""The `aftercare` command within the test's own process."""

from aftercare_cli.main import parser


def aftercare(*arguments: str) -> int:
    """Its exit code."""
    options = parser().parse_args(arguments)
    return int(options.run(options))
