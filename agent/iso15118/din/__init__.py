"""The conversation of DIN 70121 (2014): direct current, by card, without TLS.

    conversation.py    the one object that the server speaks through
    states.py          which requests are possible when
    session.py         what is known of a session
    setup.py           SessionSetup
    services.py        ServiceDiscovery, ServicePaymentSelection, ContractAuthentication
    parameters.py      ChargeParameterDiscovery
    delivery.py        PowerDelivery
    demand.py          CurrentDemand
    ending.py          SessionStop
    strangers.py       what the schema has and this protocol does not

CableCheck, PreCharge and WeldingDetection are those of ISO 15118-2, in `agent.iso15118.v2g_message`.
"""
