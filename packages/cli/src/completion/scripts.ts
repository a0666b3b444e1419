// Completion scripts, made of the table of commands. Each shell gets its own: bash words, zsh words with what they mean, fish
// conditions. They ask nothing at run time, so that a key press never waits for a network.
import { globalOptions, type Command, type Option } from '../command.js';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export function completionScript(shell: Shell, commands: readonly Command[]): string {
  return { bash, zsh, fish }[shell](commands);
}

/** What may follow the words so far: `''` at the beginning, `keys` after `sluice keys`. */
interface Step {
  readonly after: string;
  readonly words: readonly { readonly word: string; readonly about: string }[];
  readonly takesFile: boolean;
}

function stepsOf(commands: readonly Command[]): Step[] {
  const firsts = new Map<string, string>();
  const groups = new Map<string, { word: string; about: string }[]>();
  for (const { name, summary } of commands) {
    const [first = '', second] = name.split(' ');
    if (second === undefined) firsts.set(first, summary);
    else {
      groups.set(first, [...(groups.get(first) ?? []), { word: second, about: summary }]);
      firsts.set(first, `${first}: ${(groups.get(first) ?? []).map(({ word }) => word).join(', ')}`);
    }
  }
  firsts.set('help', 'say more about a command');
  return [
    { after: '', words: [...firsts].map(([word, about]) => ({ word, about })), takesFile: false },
    ...[...groups].map(([after, words]) => ({ after, words, takesFile: false })),
    ...commands.map((command) => ({
      after: command.name,
      words: [
        ...command.arguments.flatMap(({ values = [], about }) => values.map((word) => ({ word, about }))),
        ...[...command.options, ...globalOptions].map(({ name, about }) => ({ word: `--${name}`, about })),
      ],
      takesFile: command.arguments.some(({ isFile }) => isFile === true),
    })),
  ];
}

/** The options that have values, once each. */
function valued(commands: readonly Command[]): Option[] {
  const all = commands.flatMap(({ options }) => options).filter(({ value }) => value !== undefined);
  return [...new Map(all.map((option) => [option.name, option])).values()];
}

const spellings = ({ name, short }: Option): string => (short === undefined ? `--${name}` : `--${name}|-${short}`);

function bash(commands: readonly Command[]): string {
  const steps = stepsOf(commands);
  const known = steps.map(({ after }) => after).filter((after) => after !== '');
  return `# bash completion of sluice
_sluice() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" word words="" files=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${command:+$command }$word" in
      ${known.map(quoted).join('|')}) command="\${command:+$command }$word" ;;
    esac
  done
  COMPREPLY=()
  case "$previous" in
${valued(commands)
  .map((option) => `    ${spellings(option)}) ${bashValues(option)}; return ;;`)
  .join('\n')}
  esac
  case "$command" in
${steps
  .map(
    ({ after, words, takesFile }) =>
      `    ${quoted(after)}) words=${quoted(words.map(({ word }) => word).join(' '))}${takesFile ? '; files=1' : ''} ;;`,
  )
  .join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ -n "$files" && "$current" != -* ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _sluice sluice
`;
}

function bashValues({ values, value }: Option): string {
  if (values !== undefined) return `COMPREPLY=($(compgen -W ${quoted(values.join(' '))} -- "$current"))`;
  return value === 'file' ? 'COMPREPLY=($(compgen -f -- "$current"))' : ':';
}

function zsh(commands: readonly Command[]): string {
  const steps = stepsOf(commands);
  const known = steps.map(({ after }) => after).filter((after) => after !== '');
  return `#compdef sluice
_sluice() {
  local command="" word
  local -a choices
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${command:+$command }$word" in
      (${known.map(quoted).join('|')}) command="\${command:+$command }$word" ;;
    esac
  done
  case "\${words[CURRENT-1]}" in
${valued(commands)
  .map((option) => `    (${spellings(option)}) ${zshValues(option)}; return ;;`)
  .join('\n')}
  esac
  case "$command" in
${steps
  .map(
    ({ after, words, takesFile }) =>
      `    (${quoted(after)}) choices=(${words.map(({ word, about }) => quoted(`${word}:${about}`)).join(' ')})${takesFile ? '; _files' : ''} ;;`,
  )
  .join('\n')}
  esac
  _describe 'sluice' choices
}
compdef _sluice sluice
`;
}

function zshValues({ values, value }: Option): string {
  if (values !== undefined) return `compadd -- ${values.join(' ')}`;
  return value === 'file' ? '_files' : ':';
}

function fish(commands: readonly Command[]): string {
  const steps = stepsOf(commands);
  const groups = new Map(
    steps
      .filter(({ after }) => steps.some((step) => step.after.startsWith(`${after} `)))
      .map((step) => [step.after, step]),
  );
  const conditionOf = (after: string): string => {
    if (after === '') return '__fish_use_subcommand';
    const seen = after
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
    const group = groups.get(after);
    return group === undefined
      ? seen
      : `${seen}; and not __fish_seen_subcommand_from ${group.words.map(({ word }) => word).join(' ')}`;
  };
  const lines: string[] = [];
  for (const { after, words, takesFile } of steps) {
    const line = `complete -c sluice -n ${fishQuoted(conditionOf(after))}`;
    if (takesFile) lines.push(`${line} -F`);
    for (const { word, about } of words)
      if (!word.startsWith('--')) lines.push(`${line} -a ${word} -d ${fishQuoted(about)}`);
    const command = commands.find(({ name }) => name === after);
    if (command === undefined) continue;
    for (const option of [...command.options, ...globalOptions]) lines.push(`${line} ${fishOption(option)}`);
  }
  return ['# fish completion of sluice', 'complete -c sluice -f', ...lines, ''].join('\n');
}

function fishOption({ name, short, value, values, about }: Option): string {
  return [
    `-l ${name}`,
    ...(short === undefined ? [] : [`-s ${short}`]),
    ...(value === undefined ? [] : [value === 'file' ? '-r -F' : '-x']),
    ...(values === undefined ? [] : [`-a ${fishQuoted(values.join(' '))}`]),
    `-d ${fishQuoted(about)}`,
  ].join(' ');
}

// Fish knows two escapes within single quotes.
function fishQuoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}

// A quote ends what single quotes hold, stands escaped, and begins them again: bash and zsh know no escapes within.
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
