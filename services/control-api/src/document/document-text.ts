// The body of the endpoints that take a document: its text as it was sent, because errors name lines, and because YAML is no
// JSON. These endpoints alone take YAML, and more than 1 MiB.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJsonBody, textOf } from '../http/json-body.js';
import { invalidField, Refusal } from '../http/refusal.js';

export class DocumentText {
  constructor(
    readonly text: string,
    readonly format: 'json' | 'yaml',
  ) {}
}

const limitBytes = 4 * 1024 * 1024;
const paths = /\/document\/(?:validate|diff|apply|sync)$/;
const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];

export function acceptDocuments(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (paths.test(route.url)) route.bodyLimit = limitBytes;
  });
  app.addContentTypeParser(yamlTypes, { parseAs: 'buffer' }, (req, bytes: Buffer, done) => {
    if (takesDocument(req)) readText(req, bytes, 'yaml', done);
    else done(new Refusal('unsupported_media_type', 'Documents alone may be YAML. Send the body as application/json.'));
  });
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (req, bytes: Buffer, done) => {
    if (takesDocument(req)) readText(req, bytes, 'json', done);
    else parseJsonBody(req, bytes, done);
  });
}

function takesDocument(req: FastifyRequest): boolean {
  return paths.test(req.routeOptions.url ?? '');
}

function readText(
  req: FastifyRequest,
  bytes: Buffer,
  format: DocumentText['format'],
  done: (error: Error | null, body?: unknown) => void,
): void {
  try {
    done(null, new DocumentText(textOf(req, bytes), format));
  } catch (error) {
    done(error as Error);
  }
}

export const DocumentTextParam = createParamDecorator((_: unknown, context: ExecutionContext): DocumentText => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  if (body instanceof DocumentText && body.text.trim() !== '') return body;
  throw invalidField('', 'the body is missing', 'send the document as application/yaml or application/json');
});
