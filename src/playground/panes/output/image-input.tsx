/**
 * @file The image that the program works on: a sample, until the visitor gives one.
 */
import type { Words } from '../../../base/words.ts';
import { alike } from '../../../base/words.ts';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { messageOf } from '../../../base/errors.ts';
import { ranWithImage } from '../../actions.ts';
import { allowedHosts } from '../../hosts.ts';
import type { InputImage } from '../../input-image.ts';
import { dropImage, inputImage, inputImageError, takeFrame, takeImage } from '../../input-image.ts';
import { langOf, say } from '../../language.ts';
import { text } from '../../programs/program.ts';

/** Shown where the program asks for an image, or there is one. */
export function ImageInput() {
  const camera = useSignal<MediaStream | undefined>(undefined);
  const image = inputImage.value;
  const error = inputImageError.value;
  if (!image && error === undefined && !camera.value && !/\bvision\.io\b/.test(text.value)) return null;
  return (
    <section class="image-input" aria-label={say({ en: 'Input image', zh: '输入图像' })}>
      {image ? (
        <Given image={image} />
      ) : (
        <p class="hint">
          {say({
            en: (
              <>
                <code>vision.io.image()</code> gives a sample. Choose an image of yours, drop it on the page, or paste
                it.
              </>
            ),
            zh: (
              <>
                <code>vision.io.image()</code> 给出一张样图。可以选择自己的图像，拖到页面上，或粘贴。
              </>
            ),
          })}
        </p>
      )}
      <div class="ways">
        <label class="button">
          {say({ en: 'Choose an image…', zh: '选择图像…' })}
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
        <p class="notice bad" role="alert" lang={langOf(error)}>
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
  const scaled =
    scaledFrom &&
    say({
      en: `, scaled down from ${scaledFrom.width} × ${scaledFrom.height}`,
      zh: `，由 ${scaledFrom.width} × ${scaledFrom.height} 缩小`,
    });
  const hosts = allowedHosts.value;
  return (
    <>
      <p class="given">
        <Thumbnail image={image} />
        <button
          type="button"
          class="chip"
          aria-label={say({ en: `${name}: take it away`, zh: `移除 ${name}` })}
          onClick={dropImage}
        >
          {name} <span aria-hidden="true">×</span>
        </button>
        <span class="size">
          {width} × {height}
          {scaled}
        </span>
      </p>
      <p class="hint">
        {ranWithImage.value === image
          ? say({ en: 'The last run had it.', zh: '上次运行用的就是它。' })
          : say({ en: 'Press Run to use it.', zh: '点击“运行”来使用它。' })}{' '}
        {say({
          en: "It stays in this tab: only a comparison with a remote sends it, as the model's input.",
          zh: '它只留在此标签页中：仅在与远端对比时，才作为模型的输入发送。',
        })}
        {hosts.length > 0 &&
          say({
            en: ` This program may reach ${hosts.join(', ')}, and could send it there.`,
            zh: `此程序可以访问 ${hosts.join(', ')}，可能把图像发送到那里。`,
          })}
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
      {say({ en: 'Use the camera', zh: '使用摄像头' })}
    </button>
  );
}

/** What `getUserMedia` refuses with, and what that means to the visitor. */
const refusals: Readonly<Record<string, Words>> = {
  NotAllowedError: {
    en: 'the browser does not let this page use it; allow it in the address bar, or choose a file',
    zh: '浏览器不允许本页使用它；请在地址栏允许，或选择文件',
  },
  NotFoundError: { en: 'there is none; connect one, or choose a file', zh: '没有摄像头；请连接一个，或选择文件' },
  NotReadableError: {
    en: 'another program uses it; close that, or choose a file',
    zh: '其他程序正在使用它；请关闭该程序，或选择文件',
  },
};

async function openCamera(): Promise<MediaStream> {
  // Not there on a page that came over http from another machine.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices)
    throw new Error(
      say({
        en: 'camera: this page may not use it over http; open it over https, or choose a file',
        zh: '摄像头：本页通过 http 打开时不能使用；请用 https 打开，或选择文件',
      }),
    );
  try {
    return await devices.getUserMedia({ video: { width: { ideal: 640 }, height: { ideal: 480 } } });
  } catch (error) {
    const { name, message } = error as DOMException;
    const why = refusals[name] ?? alike(message);
    throw new Error(say({ en: `camera: ${why.en}`, zh: `摄像头：${why.zh}` }), { cause: error });
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
        aria-label={say({ en: 'What the camera sees', zh: '摄像头画面' })}
        onPlaying={() => (isLive.value = true)}
      />
      <div class="ways">
        <button type="button" class="primary" disabled={!isLive.value} onClick={() => void take()}>
          {say({ en: 'Take it', zh: '拍下' })}
        </button>
        <button type="button" onClick={close}>
          {say({ en: 'Cancel', zh: '取消' })}
        </button>
      </div>
    </div>
  );
}
