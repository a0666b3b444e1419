// The client's types are those of the API as it is: a committed file that this test compares with the OpenAPI document of
// a running control plane. `npm run generate -w @sluice/api-client` writes it anew.
import { expect, test } from 'vitest';
import { startControlPlane } from '../../../services/control-api/test/support/control-plane.js';
import { operationsText, type OpenApiDocument } from './write-operations.js';

test('the committed types say what the OpenAPI document of the control plane says', async () => {
  const plane = await startControlPlane();
  try {
    const answer = await fetch(`${plane.url}/v1/openapi.json`);
    const document = (await answer.json()) as OpenApiDocument;
    expect(Object.keys(document.paths).length).toBeGreaterThan(40);
    await expect(operationsText(document)).toMatchFileSnapshot('../src/operations.generated.ts');
  } finally {
    await plane.stop();
  }
});
