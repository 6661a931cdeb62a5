"""What DIN 70121 and ISO 15118-2 share: both send every message as the body of a V2G_Message.

    envelope.py   requests out of frames, responses into documents
    physical.py   physical values: an integer, a power of ten, a unit
    session.py    where a conversation stands
    dispatch.py   who answers which request when, and what a refusal looks like
    needs.py      what a vehicle says that it needs
    schedules.py  what it is offered to charge by
    choice.py     what it chose of that, and its plan
    power.py      switching the power on and off
    supply.py     what a vehicle on direct current gets, and what it is told of the EVSE
    direct.py     CableCheck, PreCharge, WeldingDetection
    loop.py       CurrentDemand

A handler takes session, request and facts, and returns an answer or a deed; it raises `Refused` for the rest.
"""
