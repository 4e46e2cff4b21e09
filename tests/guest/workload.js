// SPDX-License-Identifier: GPL-2.0-only
//
// A function in JavaScript: it reads its code, writes a file, and answers a request
// that it makes itself. With an argument it also connects to where it may not.
'use strict';
const assert = require('assert');
const fs = require('fs');
const http = require('http');
const net = require('net');
const os = require('os');
const path = require('path');

function write() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'workload-'));
	const file = path.join(dir, 'data.json');

	fs.writeFileSync(file, JSON.stringify({ written: true }));
	assert(JSON.parse(fs.readFileSync(file)).written);
	fs.rmSync(dir, { recursive: true });
}

function serve() {
	const server = http.createServer((request, response) => {
		response.end(JSON.stringify({ path: request.url }));
	});

	return new Promise((done) => {
		server.listen(8080, '127.0.0.1', () => done(server));
	});
}

function get(url) {
	return new Promise((done) => {
		http.get(url, (answer) => {
			let text = '';

			answer.on('data', (data) => { text += data; });
			answer.on('end', () => done(text));
		});
	});
}

async function request() {
	const server = await serve();
	const answer = await get('http://127.0.0.1:8080/question');

	assert.strictEqual(JSON.parse(answer).path, '/question');
	server.close();
}

// There is nobody at the other end, which only one who may connect finds out.
function misbehave() {
	return new Promise((done) => {
		net.connect(80, '169.254.169.254').on('error', (error) => {
			if (error.code !== 'ECONNREFUSED')
				console.log('misbehaved');
			done();
		});
	});
}

async function main() {
	assert(fs.readFileSync(__filename, 'utf8').includes('A function in'));
	write();
	await request();
	if (process.argv.length > 2)
		await misbehave();
	console.log('done');
}

main();
