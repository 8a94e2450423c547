"""Write the migration that takes a service's tables from its migrations to its `tables.py`.

    python -m aftercare_events.revise dispatch postgresql://… "add the column grade"

The database is scratch space: the service's schema is brought to its newest revision there.
"""

import argparse
import asyncio
from importlib import import_module
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, MetaData

from .sql import create_engine, migrations_config, upgrade


async def revise(package: str, schema: str, url: str, message: str) -> None:
    metadata: MetaData = import_module(f"{package}.tables").metadata
    engine = create_engine(url, schema=schema)
    try:
        await upgrade(engine, package, schema)
        async with engine.connect() as connection:
            await connection.run_sync(_revise, package, metadata, message)
    finally:
        await engine.dispose()


def _revise(connection: Connection, package: str, metadata: MetaData, message: str) -> None:
    config = migrations_config(package)
    [versions] = map(Path, config.get_version_locations_list() or ())
    config.attributes.update(connection=connection, metadata=metadata)
    revision = f"{1 + len(list(versions.glob('*.py'))):04}"
    command.revision(config, message, autogenerate=True, rev_id=revision, version_path=versions)


def main() -> None:
    parser = argparse.ArgumentParser(prog="aftercare_events.revise", description=__doc__)
    parser.add_argument("package")
    parser.add_argument("url")
    parser.add_argument("message")
    parser.add_argument("--schema", help="the package's name when left out")
    given = parser.parse_args()
    asyncio.run(revise(given.package, given.schema or given.package, given.url, given.message))


if __name__ == "__main__":
    main()
