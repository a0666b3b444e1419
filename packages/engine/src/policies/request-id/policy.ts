// One id for a request at the client, here and upstream, in the header that the tenant's logs already use. The gateway's
// own id stands in X-Sluice-Request-Id beside it.
import { headerNameFault } from '../../header-names.js';
import { rulePolicy } from '../../policy.js';
import type { RequestIdSettings } from './schema.js';
import { requestIdSchema } from './schema.js';

const usable = /^[\x21-\x7e]{1,128}$/;

export const requestId = rulePolicy<RequestIdSettings, RequestIdSettings>({
  name: 'request-id',
  summary: "Gives the upstream and the client the request's id in a header of your choice.",
  schema: requestIdSchema,
  // Early, so that a refusal carries it, too.
  stage: 'shield',
  compile: (settings, { report }) => {
    const fault = headerNameFault(settings.header, 'request') ?? headerNameFault(settings.header, 'response');
    if (fault !== undefined) report(['header'], fault.detail, fault.fix);
    return settings;
  },
  decide: ({ header, client }, { request, upstreamEdits, answerHeaders }) => {
    const sent = client === 'keep' ? request.header(header) : undefined;
    const id = sent !== undefined && usable.test(sent) ? sent : request.id;
    if (id === undefined) return undefined;
    upstreamEdits.set.push([header, id]);
    answerHeaders.push([header, id]);
    return undefined;
  },
});
