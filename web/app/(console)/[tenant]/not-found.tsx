import { NotFoundPage } from '@/features/ui/not-found-page';

export default function NotFound() {
  return <NotFoundPage isInFrame what="There is no such thing in this organisation." />;
}
