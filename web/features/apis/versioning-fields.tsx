'use client';

import { versioningSchema } from '@sluice/contracts';
import type { Versioning } from '@sluice/contracts';
import { Checkbox, SelectField, TextField } from '@/features/ui/field';

const places = versioningSchema.shape.by.options;
const placeTitles: Record<Versioning['by'], string> = {
  path: 'in the path: /v2 before it',
  host: 'in the host: v2. before it',
  header: 'in a header',
  'media-type': 'in the media type that they accept',
};

interface VersioningFieldsProps {
  versioning: Versioning | null;
  errors: Readonly<Record<string, string>>;
  onChange: (versioning: Versioning | null) => void;
}

/** Where clients say which version of an API they want. */
export function VersioningFields({ versioning, errors, onChange }: VersioningFieldsProps) {
  const canBeDefault = versioning?.by === 'header' || versioning?.by === 'media-type';
  return (
    <div className="flex flex-col gap-3">
      <SelectField
        label="Clients name the version"
        value={versioning?.by ?? ''}
        onChange={(event) => {
          const by = places.find((place) => place === event.target.value);
          onChange(by === undefined ? null : { by });
        }}
        hint="Two APIs of one path differ by it."
        error={errors['/versioning'] ?? errors['/versioning/by']}
      >
        <option value="">nowhere: there is one version</option>
        {places.map((place) => (
          <option key={place} value={place}>
            {placeTitles[place]}
          </option>
        ))}
      </SelectField>
      {versioning?.by === 'header' && (
        <TextField
          label="Header of the version"
          isOptional
          isMono
          value={versioning.header ?? ''}
          onChange={(event) => {
            const { header: _, ...rest } = versioning;
            onChange(event.target.value === '' ? rest : { ...rest, header: event.target.value });
          }}
          hint="Empty: x-api-version."
          error={errors['/versioning/header']}
        />
      )}
      {canBeDefault && (
        <Checkbox
          label="Also take requests that name no version"
          checked={versioning.isDefault === true}
          onChange={(event) => {
            const { isDefault: _, ...rest } = versioning;
            onChange(event.target.checked ? { ...rest, isDefault: true } : rest);
          }}
        />
      )}
    </div>
  );
}
