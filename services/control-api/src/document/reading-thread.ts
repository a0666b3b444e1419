// A thread that reads one long text, and ends. See read-aside.ts.
import { parentPort, workerData } from 'node:worker_threads';
import type { AskedText, ToldText } from '@sluice/engine/document';
// Not the whole of it: a thread starts faster with less.
import { readYaml } from '@sluice/engine/document/read-yaml';

const { text, pointers } = workerData as AskedText;
const { value, errors, positionOf } = readYaml(text);
const told: ToldText = { value, errors, positions: pointers.map(positionOf) };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
parentPort?.postMessage(told);
