import { firstBelow } from './errors-below';
import { TextField } from './field';

interface TagsFieldProps {
  /** With commas or spaces between, as it is typed. */
  tags: string;
  errors: Readonly<Record<string, string>>;
  onChange: (tags: string) => void;
}

/** The tags of an object of the configuration: by them teams keep parts of an environment in repositories of their own. */
export function TagsField({ tags, errors, onChange }: TagsFieldProps) {
  return (
    <TextField
      label="Tags"
      isOptional
      isMono
      placeholder="team-orders"
      value={tags}
      onChange={(event) => onChange(event.target.value)}
      hint="By these a team exports and syncs its part alone. Commas between."
      error={firstBelow(errors, '/tags')}
    />
  );
}
