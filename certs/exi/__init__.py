"""EXI as ISO 15118 and DIN 70121 use it: messages to bytes and back, by grammars made from their schemas.

Bit-packed, informed by a schema, not strict, no options (W3C EXI 1.0; ISO 15118-2, 7.9.1). Both ends need it:
the charger for every message with a vehicle, the backend for what is signed in a contract's installation.

    bits.py      bits in and out of bytes
    tables.py    the grammars: states, productions, types of values
    values.py    one value by its type
    codec.py     elements by their grammars: `encode`, `decode`
    tables/      the grammars of each schema set, as data; `python -m certs.exi.generate` makes them
"""
