"""The conversation of ISO 15118-20: alternating and direct current, one way and both, by card or by contract.

conversation.py    the two objects that the server speaks through: one for AC, one for DC
states.py          which requests are possible when, and what may follow
session.py         what is known of a session, and what is kept of one that rests
messages.py        requests by their names; responses, and the least that one may hold
replies.py         answers, and refusals
rational.py        numbers as messages have them
codes.py           response codes for what was found out about a contract
setup.py           SessionSetup
authorization.py   AuthorizationSetup, Authorization
contract.py        the contract that a vehicle shows, and whether it has the key
certificates.py    CertificateInstallation
services.py        ServiceDiscovery, ServiceDetail, ServiceSelection
parameter_sets.py  what of each service a vehicle may choose
ac.py, dc.py       ChargeParameterDiscovery; CableCheck, PreCharge and WeldingDetection
needs.py           what a vehicle says that it needs
schedules.py       ScheduleExchange
plans.py           what is offered as powers over time, and whether a vehicle's plan keeps to that
prices.py          prices as OCPP 2.1 has them, for the vehicle
delivery.py        PowerDelivery
ac_loop.py         AC_ChargeLoop
dc_loop.py         DC_ChargeLoop
notices.py         what the EVSE wants of the vehicle meanwhile (EVSEStatus)
metering.py        MeteringConfirmation
ending.py          SessionStop
"""
