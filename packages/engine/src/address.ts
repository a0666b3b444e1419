// IP addresses: read strictly, because two readers of `010.0.0.1` or `1.2.3` would let in different clients. An IPv4-mapped
// IPv6 address (RFC 4291, section 2.5.5.2) is the IPv4 address.

export type Address =
  /** An unsigned 32-bit integer. */
  | { readonly family: 4; readonly value: number }
  /** 32 hex digits in lower case: in the order of their texts, addresses are in order. */
  | { readonly family: 6; readonly value: string };

/** Undefined: it is no address. A zone (`fe80::1%eth0`) is left aside. */
export function parseAddress(text: string): Address | undefined {
  if (!text.includes(':')) {
    const value = parseIpv4(text);
    return value === undefined ? undefined : { family: 4, value };
  }
  const value = parseIpv6(text.replace(zone, ''));
  if (value === undefined) return undefined;
  if (value.startsWith(mapped)) return { family: 4, value: Number.parseInt(value.slice(24), 16) };
  return { family: 6, value };
}

/** One client as limits count it: an IPv4 address, or a network of 64 bits, which is what one customer gets (RFC 6177). */
export function clientOf(address: Address | undefined): string {
  if (address === undefined) return 'unknown';
  if (address.family === 6) return `${address.value.slice(0, 16).replaceAll(/(.{4})(?=.)/g, '$1:')}::/64`;
  const { value } = address;
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

// RFC 4007, section 11: an interface of this machine.
const zone = /%[\w.-]{1,32}$/;
const mapped = '00000000000000000000ffff';
const dot = 46;

function parseIpv4(text: string): number | undefined {
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === dot) {
      if (digits === 0) return undefined;
      value = value * 256 + part;
      part = 0;
      digits = 0;
      dots += 1;
    } else {
      // `010` is 8 to some and 10 to others.
      if (code < 48 || code > 57 || (digits > 0 && part === 0)) return undefined;
      part = part * 10 + code - 48;
      digits += 1;
      if (part > 255) return undefined;
    }
  }
  return dots === 3 && digits > 0 ? value * 256 + part : undefined;
}

function parseIpv6(text: string): string | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || text.length > 45) return undefined;
  const head = hexOf(halves[0] ?? '', halves.length === 1);
  if (halves.length === 1) return head?.length === 32 ? head : undefined;
  const tail = hexOf(halves[1] ?? '', true);
  if (head === undefined || tail === undefined || head.length + tail.length > 28) return undefined;
  return head + '0'.repeat(32 - head.length - tail.length) + tail;
}

// Groups of four hex digits; at the end of an address the last two may be an IPv4 address.
function hexOf(text: string, isEnd: boolean): string | undefined {
  if (text === '') return '';
  const groups = text.split(':');
  let hex = '';
  for (const [index, group] of groups.entries()) {
    if (isEnd && index === groups.length - 1 && group.includes('.')) {
      const ipv4 = parseIpv4(group);
      if (ipv4 === undefined) return undefined;
      hex += ipv4.toString(16).padStart(8, '0');
    } else {
      if (!/^[0-9A-Fa-f]{1,4}$/.test(group)) return undefined;
      hex += group.toLowerCase().padStart(4, '0');
    }
  }
  return hex;
}
