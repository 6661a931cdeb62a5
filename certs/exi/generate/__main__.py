"""`python -m certs.exi.generate DIRECTORY` writes the grammars of the schema sets found there.

The directory has the files as the standards name them: V2G_CI_AppProtocol.xsd and xmldsig-core-schema.xsd in
it, the others in din_spec, iso15118_2 and iso15118_20 below it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from certs.exi.generate.grammars import table_of
from certs.exi.generate.schemas import Schemas

SETS = {
    "app_protocol": "V2G_CI_AppProtocol.xsd",
    "din": "din_spec/V2G_CI_MsgDef.xsd",
    "iso2": "iso15118_2/V2G_CI_MsgDef.xsd",
    "iso20_common": "iso15118_20/V2G_CI_CommonMessages.xsd",
    "iso20_ac": "iso15118_20/V2G_CI_AC.xsd",
    "iso20_dc": "iso15118_20/V2G_CI_DC.xsd",
    "xmldsig": "xmldsig-core-schema.xsd",
}


def main() -> None:
    """Write every table."""
    parser = argparse.ArgumentParser(
        prog="python -m certs.exi.generate",
        description="Writes the EXI grammars from the standards' schemas.",
    )
    parser.add_argument("directory", type=Path, help="where the schemas are")
    parser.add_argument(
        "--to", type=Path, default=Path(__file__).parent.parent / "tables", help="where the tables go"
    )
    arguments = parser.parse_args()
    for name, file in SETS.items():
        table = table_of(Schemas(arguments.directory / file))
        text = json.dumps(table, separators=(",", ":")).replace('],"', '],\n"') + "\n"
        (arguments.to / f"{name}.json").write_text(text, "ascii")
        sys.stdout.write(f"{name}: {len(table['elements'])} elements, {len(text)} bytes\n")


if __name__ == "__main__":
    main()
