import type { PolicyExample } from '../example.js';
import { exampleKey } from '../example.js';

export const examples: readonly PolicyExample[] = [
  {
    title: 'Tell the upstream who calls',
    text: 'What a client itself sends by these names never arrives.',
    route: {
      policies: [
        { 'api-key': {} },
        { headers: { request: { set: { 'x-application': '{application.id}', 'x-user': '{identity.subject}' } } } },
      ],
    },
    requests: [
      {
        says: 'The application stands in a header; an API key names no user, so there is none.',
        send: { headers: { 'x-api-key': exampleKey, 'x-application': 'forged', 'x-user': 'forged' } },
        expect: {
          outcome: 'forward',
          reasons: ['header_dropped'],
          upstreamHeaders: { 'x-application': 'app_example', 'x-user': null },
        },
      },
    ],
  },
  {
    title: 'Headers on all answers',
    text: 'A request that the gateway refuses gets them, too.',
    route: {
      policies: [
        { 'api-key': {} },
        { headers: { response: { set: { 'strict-transport-security': 'max-age=31536000' } } } },
      ],
    },
    requests: [
      {
        says: 'Without a key.',
        expect: {
          outcome: 401,
          code: 'credential_missing',
          answerHeaders: { 'strict-transport-security': 'max-age=31536000' },
        },
      },
    ],
  },
  {
    title: 'Hide what an upstream says of itself',
    route: {
      policies: [
        {
          headers: {
            request: { rename: { 'x-trace': 'x-correlation-id' } },
            response: {
              remove: ['server', 'x-powered-by'],
              set: { 'strict-transport-security': 'max-age=31536000' },
            },
          },
        },
      ],
    },
    requests: [
      {
        says: 'The client’s header goes on by its new name, and the answer gets one of ours.',
        send: { headers: { 'x-trace': '7' } },
        expect: {
          outcome: 'forward',
          upstreamHeaders: { 'x-trace': null, 'x-correlation-id': '7' },
          answerHeaders: { 'strict-transport-security': 'max-age=31536000', server: null },
        },
      },
    ],
  },
];
