import path from 'node:path';
import type { NextConfig } from 'next';

const nextConfig: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  turbopack: { root: path.join(import.meta.dirname, '..') },
  // Two root layouts (console and portal) leave no single layout for an address that matches nothing.
  experimental: { globalNotFound: true },
};

export default nextConfig;
