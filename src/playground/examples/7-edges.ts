// Edges of an image: Sobel's filters, on a picture of yours
import { torch, nn, vision, imshow } from 'wudnn';

// Drop an image on the page, or choose one in the Output pane; until then this is a sample.
// Names of others: 'digit', 'texture', 'zone plate', as vision.io.image('texture').
torch.backends.cudnn.benchmark = true;
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const picture = vision.io.image({ size: 128 }); // 3×H×W from 0 to 1, the shorter side of 128 pixels

// How bright an eye finds red, green and blue (ITU-R BT.601).
const grey = picture.mul(torch.tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)).sum(0, true);

// One filter sees edges that stand, the other those that lie; together they see all.
const standing = [
  [-1, 0, 1],
  [-2, 0, 2],
  [-1, 0, 1],
];
const lying = [
  [-1, -2, -1],
  [0, 0, 0],
  [1, 2, 1],
];

class Edges extends nn.Module {
  sobel = new nn.Conv2d(1, 2, { kernelSize: 3, bias: false });

  forward(x: torch.Tensor): torch.Tensor {
    const gradient = this.sobel(x);
    return gradient.mul(gradient).sum(1, true).sqrt();
  }
}

const model = new Edges();
model.sobel.weight = new nn.Parameter(torch.tensor([[standing], [lying]]), false);
model.to(device);
export const edges = model(grey.unsqueeze(0).to(device));

imshow(grey, { title: 'image' });
imshow(edges, { title: 'edges' });
