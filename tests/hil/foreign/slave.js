// Serves registers with the npm package modbus-serial until its standard input ends.
// {"link": "rtu" | "tcp", "path", "baud", "unit", "input": {address: word}, "holding": {...}, "coil": {...}}
// Prints "ready PORT" when it listens (PORT is 0 on a serial line), then a JSON line for each write.
"use strict";
const ModbusRTU = require("modbus-serial");

const job = JSON.parse(process.argv[2]);

function read(table) {
    return (address) => {
        const value = (job[table] || {})[address];
        if (value === undefined) {
            throw Object.assign(new Error("no such address"), { modbusErrorCode: 2 });
        }
        return value;
    };
}

function write(table) {
    return (address, value) => {
        job[table][address] = value;
        console.log(JSON.stringify([table, address, Number(value)]));
    };
}

const tables = {
    getInputRegister: read("input"),
    getHoldingRegister: read("holding"),
    getCoil: read("coil"),
    setRegister: write("holding"),
    setCoil: write("coil"),
};

if (job.link === "rtu") {
    const server = new ModbusRTU.ServerSerial(
        tables, { path: job.path, port: job.path, baudRate: job.baud, unitID: job.unit }, { unitID: job.unit });
    server.on("initialized", () => console.log("ready 0"));
    server.on("error", (error) => { console.error(error); process.exit(1); });
} else {
    const server = new ModbusRTU.ServerTCP(tables, { host: "127.0.0.1", port: 0, unitID: job.unit });
    server.on("initialized", () => console.log("ready " + server._server.address().port));
}
process.stdin.on("end", () => process.exit(0)).resume();
