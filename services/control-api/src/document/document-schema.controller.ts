// The document's JSON Schema, where editors fetch it: they do not sign in.
import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint } from '../http/endpoint.js';
import { documentJsonSchema, type DocumentJsonSchema } from './document-schema.js';

@Controller('v1/document.schema.json')
export class DocumentSchemaController {
  private schema: DocumentJsonSchema | undefined;

  @Get()
  @Endpoint({
    summary: 'The JSON Schema of the configuration document, for editors',
    access: 'public',
    answer: z.looseObject({ $schema: z.string(), $defs: z.record(z.string(), z.unknown()) }).meta({ id: 'JsonSchema' }),
  })
  read(): DocumentJsonSchema {
    this.schema ??= documentJsonSchema();
    return this.schema;
  }
}
