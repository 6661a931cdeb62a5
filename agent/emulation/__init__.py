"""A station whose hardware is emulated: what a technician does with hands is done through the emulator."""
