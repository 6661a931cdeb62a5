"""Hardware profiles: device files (YAML) checked, and compiled into codecs, read plans and write rules."""
