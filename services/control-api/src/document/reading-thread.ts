// A thread that reads one long text, and ends. See read-aside.ts.
import { parentPort, workerData } from 'node:worker_threads';
import type { Asked, Told } from './read-aside.js';
import { readYaml } from './read-yaml.js';

const { text, pointers } = workerData as Asked;
const { value, errors, positionOf } = readYaml(text);
const told: Told = { value, errors, positions: pointers.map(positionOf) };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
parentPort?.postMessage(told);
