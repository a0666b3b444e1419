// The API's own description.
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint } from '../http/endpoint.js';
import { documentToken } from '../tokens.js';

export type DocumentSource = () => Promise<object>;

@Controller('v1/openapi.json')
export class OpenApiController {
  private document: Promise<object> | undefined;

  constructor(@Inject(documentToken) private readonly source: DocumentSource) {}

  @Get()
  @Endpoint({
    summary: 'This API as an OpenAPI 3.1 document',
    access: 'public',
    answer: z
      .looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) })
      .meta({ id: 'OpenApiDocument' }),
    // More than a megabyte, for whoever asks.
    units: 20,
  })
  async read(): Promise<object> {
    this.document ??= this.source();
    return this.document;
  }
}
