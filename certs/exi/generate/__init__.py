"""Makes the grammars of `certs/exi/tables` from the standards' schemas, which are not ours to ship."""
