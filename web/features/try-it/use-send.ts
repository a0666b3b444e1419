'use client';

import { useState } from 'react';
import { sendRequest } from './send-request';
import type { TestAnswer, TestRequest } from './send-request';

export type SendState =
  | { readonly name: 'ready' }
  | { readonly name: 'sending' }
  | { readonly name: 'answered'; readonly answer: TestAnswer }
  | { readonly name: 'unreachable'; readonly url: string };

/** One test request at a time. `send` resolves with the answer; null: the browser got none, or one is under way. */
export function useSend() {
  const [state, setState] = useState<SendState>({ name: 'ready' });
  async function send(request: TestRequest): Promise<TestAnswer | null> {
    if (state.name === 'sending') return null;
    setState({ name: 'sending' });
    const answer = await sendRequest(request);
    setState(answer === null ? { name: 'unreachable', url: request.url } : { name: 'answered', answer });
    return answer;
  }
  return { state, send };
}
