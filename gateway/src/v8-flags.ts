// How V8 is to manage memory here. Imported before anything else: what V8 has given itself by then, it keeps.
import { setFlagsFromString } from 'node:v8';

// V8 learns while a gateway starts that some objects live long, puts those of every request among the old ones from then on,
// and these keep the rest of their requests alive through the next collections. A third of all that requests made survived
// with it, 2.5 % without: 15 % of the process's CPU (npm run bench:gateway).
setFlagsFromString('--no-allocation-site-pretenuring');

// V8 lets the space for young objects grow to 128 MB on a thread that makes many of them at times, as the main thread does
// while it reads a configuration, and keeps it. Threads that are made later begin with as much as they may have: less than
// 16 MB in all, as they are made, costs a worker an eighth of its CPU.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--min-semi-space-size=16');

// What a thousand connections leave among the old objects was collected when the heap had doubled or more: with 10,000 routes
// and 100,000 credentials that was 542 MB in the place of 377.
setFlagsFromString('--heap-growing-percent=50');
