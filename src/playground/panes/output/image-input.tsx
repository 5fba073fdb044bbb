/**
 * @file The image that the program works on: a sample, until the visitor gives one.
 */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { messageOf } from '../../../base/errors.ts';
import { ranWithImage } from '../../actions.ts';
import { allowedHosts } from '../../hosts.ts';
import type { InputImage } from '../../input-image.ts';
import { dropImage, inputImage, inputImageError, takeFrame, takeImage } from '../../input-image.ts';
import { text } from '../../programs/program.ts';

/** Shown where the program asks for an image, or there is one. */
export function ImageInput() {
  const camera = useSignal<MediaStream | undefined>(undefined);
  const image = inputImage.value;
  const error = inputImageError.value;
  if (!image && error === undefined && !camera.value && !/\bvision\.io\b/.test(text.value)) return null;
  return (
    <section class="image-input" aria-label="Input image">
      {image ? (
        <Given image={image} />
      ) : (
        <p class="hint">
          <code>vision.io.image()</code> gives a sample. Choose an image of yours, drop it on the page, or paste it.
        </p>
      )}
      <div class="ways">
        <label class="button">
          Choose an image…
          <input
            type="file"
            accept="image/png,image/jpeg,image/webp,image/gif,image/avif,image/bmp"
            class="unseen"
            onChange={takeChosen}
          />
        </label>
        <CameraButton camera={camera} />
      </div>
      {camera.value && <Camera stream={camera.value} close={() => (camera.value = undefined)} />}
      {error !== undefined && (
        <p class="notice bad" role="alert">
          {error}
        </p>
      )}
    </section>
  );
}

function takeChosen({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void {
  const [file] = currentTarget.files ?? [];
  if (file) void takeImage(file);
  currentTarget.value = '';
}

function Given({ image }: { readonly image: InputImage }) {
  const { name, width, height, scaledFrom } = image;
  const scaled = scaledFrom && `, scaled down from ${scaledFrom.width} × ${scaledFrom.height}`;
  const hosts = allowedHosts.value;
  return (
    <>
      <p class="given">
        <Thumbnail image={image} />
        <button type="button" class="chip" aria-label={`${name}: take it away`} onClick={dropImage}>
          {name} <span aria-hidden="true">×</span>
        </button>
        <span class="size">
          {width} × {height}
          {scaled}
        </span>
      </p>
      <p class="hint">
        {ranWithImage.value === image ? 'The last run had it.' : 'Press Run to use it.'} It stays in this tab: only a
        comparison with a remote sends it, as the model's input.
        {hosts.length > 0 && ` This program may reach ${hosts.join(', ')}, and could send it there.`}
      </p>
    </>
  );
}

function Thumbnail({ image }: { readonly image: InputImage }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { name, width, height, rgba } = image;
  useEffect(() => {
    const pixels = new ImageData(new Uint8ClampedArray(rgba), width, height);
    canvas.current!.getContext('2d')!.putImageData(pixels, 0, 0);
  }, [image]);
  return <canvas ref={canvas} width={width} height={height} role="img" aria-label={name} />;
}

interface CameraProps {
  readonly camera: { value: MediaStream | undefined };
}

function CameraButton({ camera }: CameraProps) {
  const open = async (): Promise<void> => {
    try {
      inputImageError.value = undefined;
      camera.value = await openCamera();
    } catch (error) {
      inputImageError.value = messageOf(error);
    }
  };
  return (
    <button type="button" disabled={camera.value !== undefined} onClick={() => void open()}>
      Use the camera
    </button>
  );
}

/** What `getUserMedia` refuses with, and what that means to the visitor. */
const refusals: Readonly<Record<string, string>> = {
  NotAllowedError: 'the browser does not let this page use it; allow it in the address bar, or choose a file',
  NotFoundError: 'there is none; connect one, or choose a file',
  NotReadableError: 'another program uses it; close that, or choose a file',
};

async function openCamera(): Promise<MediaStream> {
  // Not there on a page that came over http from another machine.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new Error('camera: this page may not use it over http; open it over https, or choose a file');
  try {
    return await devices.getUserMedia({ video: { width: { ideal: 640 }, height: { ideal: 480 } } });
  } catch (error) {
    const { name, message } = error as DOMException;
    throw new Error(`camera: ${refusals[name] ?? message}`, { cause: error });
  }
}

/** What the camera sees, until a frame of it is taken. Its light goes out with this. */
function Camera({ stream, close }: { readonly stream: MediaStream; readonly close: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const isLive = useSignal(false);
  useEffect(() => {
    video.current!.srcObject = stream;
    return () => stream.getTracks().forEach((track) => track.stop());
  }, [stream]);
  const take = async (): Promise<void> => {
    await takeFrame(video.current!);
    close();
  };
  return (
    <div class="camera">
      <video
        ref={video}
        autoPlay
        playsInline
        muted
        aria-label="What the camera sees"
        onPlaying={() => (isLive.value = true)}
      />
      <div class="ways">
        <button type="button" class="primary" disabled={!isLive.value} onClick={() => void take()}>
          Take it
        </button>
        <button type="button" onClick={close}>
          Cancel
        </button>
      </div>
    </div>
  );
}
