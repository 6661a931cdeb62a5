// Does what one JSON argument says with the npm package modbus-serial, and prints the results as JSON.
// {"link": "rtu" | "tcp" | "rtu-over-tcp", "path" or "host" and "port", "baud", "unit", "do": [[what, address, count or value], ...]}
"use strict";
const ModbusRTU = require("modbus-serial");

const READ = {
    coil: "readCoils", discrete: "readDiscreteInputs", holding: "readHoldingRegisters", input: "readInputRegisters",
};
const WRITE = { write_coil: "writeCoil", write_register: "writeRegister", write_registers: "writeRegisters" };

function connect(client, job) {
    if (job.link === "rtu") {
        return client.connectRTUBuffered(job.path, { baudRate: job.baud });
    }
    if (job.link === "tcp") {
        return client.connectTCP(job.host, { port: job.port });
    }
    return client.connectTelnet(job.host, { port: job.port });  // what it calls a serial line in a TCP stream
}

async function perform(client, [what, address, argument]) {
    if (what in READ) {
        const { data } = await client[READ[what]](address, argument);
        return Array.from(data, Number).slice(0, argument);
    }
    await client[WRITE[what]](address, argument);
    return null;
}

async function main(job) {
    const client = new ModbusRTU();
    await connect(client, job);
    client.setID(job.unit);
    client.setTimeout(2000);
    const results = [];
    for (const step of job.do) {
        results.push(await perform(client, step));
    }
    console.log(JSON.stringify(results));
    client.close(() => process.exit(0));
}

main(JSON.parse(process.argv[2])).catch((error) => {
    console.error(error);
    process.exit(1);
});
