"""The conversation of ISO 15118-2: alternating and direct current, by card or by contract.

    conversation.py    the one object that the server speaks through
    states.py          which requests are possible when
    session.py         what is known of a session, and what is kept of one that rests
    setup.py           SessionSetup
    services.py        ServiceDiscovery, ServiceDetail, PaymentServiceSelection
    contract.py        PaymentDetails
    installation.py    CertificateInstallation, CertificateUpdate
    authorization.py   Authorization
    codes.py           response codes for what was found out about a contract
    parameters.py      ChargeParameterDiscovery
    needs.py           what a vehicle says that it needs
    schedule_list.py   schedules and prices as it is told them
    delivery.py        PowerDelivery
    alternating.py     ChargingStatus
    direct.py          CurrentDemand
    receipts.py        MeteringReceipt, and when one is asked for
    ending.py          SessionStop

What DIN 70121 has, too, is in `agent.iso15118.v2g_message`.
"""
