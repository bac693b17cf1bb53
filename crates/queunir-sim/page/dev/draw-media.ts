// Draws the pictures of the scenarios: `node dev/draw-media.ts ../scenarios/media` (Node 22.18 or later strips the types).
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const target = process.argv[2] ?? "../scenarios/media";
const browser = await chromium.launch({ executablePath: process.env.QUEUNIR_CHROMIUM ?? "/usr/bin/chromium" });
const page = await browser.newPage();
const drawn: [string, string, string][] = await page.evaluate(() => {
  let seed = 7;
  const chance = (low: number, high: number): number => {
    seed = (seed * 48271) % 2147483647;
    return low + (seed / 2147483647) * (high - low);
  };
  type Pen = CanvasRenderingContext2D;
  const ellipse = (pen: Pen, x: number, y: number, a: number, b: number, colour: string): void => {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.ellipse(x, y, a, b, 0, 0, Math.PI * 2);
    pen.fill();
  };
  const room = (pen: Pen, wall: [string, string], table: [string, string]): void => {
    const back = pen.createLinearGradient(0, 0, 800, 420);
    back.addColorStop(0, wall[0]);
    back.addColorStop(1, wall[1]);
    pen.fillStyle = back;
    pen.fillRect(0, 0, 800, 600);
    const top = pen.createLinearGradient(0, 400, 0, 600);
    top.addColorStop(0, table[0]);
    top.addColorStop(1, table[1]);
    pen.fillStyle = top;
    pen.fillRect(0, 400, 800, 200);
    pen.globalAlpha = 0.12;
    for (let line = 0; line < 16; line += 1) {
      pen.fillStyle = "#000";
      pen.fillRect(chance(-100, 700), 405 + line * 12, chance(120, 500), 2);
    }
    pen.globalAlpha = 1;
  };
  const cake = (pen: Pen, layers: string[], icing: string, fruit: string): void => {
    ellipse(pen, 400, 505, 290, 52, "rgba(0,0,0,.25)");
    ellipse(pen, 400, 490, 270, 48, "#f6f3ee");
    ellipse(pen, 400, 484, 240, 40, "#e4ded4");
    const height = 190 / layers.length;
    layers.forEach((colour, index) => {
      const y = 480 - index * height;
      pen.fillStyle = colour;
      pen.fillRect(210, y - height, 380, height);
      ellipse(pen, 400, y, 190, 34, colour);
    });
    ellipse(pen, 400, 290, 190, 36, icing);
    pen.fillStyle = icing;
    for (let drop = 0; drop < 13; drop += 1) {
      const x = 216 + drop * 30;
      const long = chance(26, 74);
      pen.beginPath();
      pen.roundRect(x - 14, 290, 28, long, 14);
      pen.fill();
    }
    for (let berry = 0; berry < 9; berry += 1) {
      const angle = (berry / 9) * Math.PI * 2;
      const x = 400 + Math.cos(angle) * 140;
      const y = 284 + Math.sin(angle) * 24;
      ellipse(pen, x, y - 8, 17, 17, fruit);
      ellipse(pen, x - 5, y - 14, 5, 4, "rgba(255,255,255,.55)");
    }
  };
  const flowers = (pen: Pen, colours: string[], paper: string): void => {
    pen.fillStyle = paper;
    pen.beginPath();
    pen.moveTo(230, 330);
    pen.lineTo(570, 330);
    pen.lineTo(440, 570);
    pen.lineTo(360, 570);
    pen.fill();
    for (let leaf = 0; leaf < 24; leaf += 1) {
      pen.save();
      pen.translate(400 + chance(-190, 190), 300 + chance(-130, 60));
      pen.rotate(chance(0, 6));
      ellipse(pen, 0, 0, 46, 12, ["#4d7c4a", "#6d9a5b", "#3c6440"][leaf % 3] ?? "#4d7c4a");
      pen.restore();
    }
    for (let bloom = 0; bloom < 17; bloom += 1) {
      const angle = bloom * 2.4;
      const far = 16 + bloom * 9.5;
      const x = 400 + Math.cos(angle) * far;
      const y = 250 + Math.sin(angle) * far * 0.62;
      const colour = colours[bloom % colours.length] ?? "#fff";
      for (let petal = 0; petal < 7; petal += 1) {
        const turn = (petal / 7) * Math.PI * 2;
        ellipse(pen, x + Math.cos(turn) * 17, y + Math.sin(turn) * 15, 17, 15, colour);
      }
      ellipse(pen, x, y, 11, 10, "rgba(0,0,0,.16)");
      ellipse(pen, x, y - 2, 9, 8, "#f3d489");
    }
  };
  const shop = (pen: Pen): void => {
    pen.fillStyle = "#dfe7ea";
    pen.fillRect(0, 0, 800, 600);
    pen.fillStyle = "#c9b79c";
    pen.fillRect(60, 90, 680, 470);
    for (let stripe = 0; stripe < 10; stripe += 1) {
      pen.fillStyle = stripe % 2 ? "#fff6e6" : "#c4532d";
      pen.beginPath();
      pen.moveTo(40 + stripe * 72, 90);
      pen.lineTo(112 + stripe * 72, 90);
      pen.lineTo(112 + stripe * 72, 180);
      pen.arc(76 + stripe * 72, 180, 36, 0, Math.PI);
      pen.fill();
    }
    pen.fillStyle = "#7fa3a8";
    pen.fillRect(110, 240, 350, 240);
    pen.fillStyle = "#5d4634";
    pen.fillRect(520, 240, 150, 320);
    ellipse(pen, 645, 400, 8, 8, "#e6c46a");
    for (let shelf = 0; shelf < 3; shelf += 1) {
      pen.fillStyle = "#5d4634";
      pen.fillRect(120, 310 + shelf * 70, 330, 8);
      for (let item = 0; item < 6; item += 1)
        ellipse(
          pen,
          150 + item * 54,
          298 + shelf * 70,
          20,
          14,
          ["#f0c0b0", "#f6e3b5", "#b0704a", "#d9e3c8"][(item + shelf) % 4] ?? "#fff",
        );
    }
    pen.fillStyle = "#9aa2a0";
    pen.fillRect(0, 560, 800, 40);
  };
  const receipt = (pen: Pen): void => {
    room(pen, ["#6b5a48", "#4d4034"], ["#5c4a3a", "#3c3026"]);
    pen.save();
    pen.translate(400, 300);
    pen.rotate(-0.06);
    pen.fillStyle = "#fbfaf5";
    pen.fillRect(-150, -260, 300, 520);
    pen.fillStyle = "#3a3a3a";
    pen.font = "bold 26px sans-serif";
    pen.textAlign = "center";
    pen.fillText("PIX", 0, -205);
    pen.font = "18px monospace";
    ["Loja da Ana", "22/11 09:41", "", "Valor  R$ 155,00", "Sinal  50%", "", "ID 8F2A-55C1", "Concluído"].forEach(
      (line, index) => {
        pen.fillText(line, 0, -150 + index * 34);
      },
    );
    for (let bar = 0; bar < 36; bar += 1) pen.fillRect(-126 + bar * 7, 160, chance(1, 6), 60);
    pen.restore();
  };
  const room1: [string, string] = ["#f1e6d8", "#d9c7ae"];
  const wood: [string, string] = ["#a87b50", "#7c5635"];
  const sky: [string, string] = ["#dbe7ea", "#b9cdd3"];
  const white: [string, string] = ["#efece7", "#d4cec5"];
  const pictures: Record<string, (pen: Pen) => void> = {
    "cake-chocolate": (pen) => {
      room(pen, room1, wood);
      cake(pen, ["#4a2c1c", "#5e3924", "#4a2c1c"], "#2f1a10", "#b8243a");
    },
    "cake-carrot": (pen) => {
      room(pen, sky, white);
      cake(pen, ["#d98b3a", "#e09a4b"], "#4a2716", "#6d3a1f");
    },
    "cake-redvelvet": (pen) => {
      room(pen, ["#f3dfe0", "#dfc0c3"], white);
      cake(pen, ["#9e1f2e", "#fbf3e8", "#9e1f2e", "#fbf3e8"], "#fdf8ef", "#c22440");
    },
    "cake-dinosaur": (pen) => {
      room(pen, ["#e3efdd", "#c2d8b8"], wood);
      cake(pen, ["#8fbf6a", "#7bb056", "#8fbf6a"], "#5c8f3e", "#e8c24d");
      pen.fillStyle = "#3f7a4a";
      pen.beginPath();
      pen.moveTo(320, 270);
      pen.quadraticCurveTo(330, 190, 420, 200);
      pen.quadraticCurveTo(450, 120, 500, 130);
      pen.quadraticCurveTo(530, 150, 480, 170);
      pen.quadraticCurveTo(490, 240, 470, 275);
      pen.fill();
      ellipse(pen, 497, 143, 5, 5, "#10240f");
    },
    "lemon-tart": (pen) => {
      room(pen, white, wood);
      ellipse(pen, 400, 470, 290, 90, "#efe9dd");
      ellipse(pen, 400, 450, 240, 72, "#b9803f");
      ellipse(pen, 400, 438, 215, 60, "#f4d850");
      for (let cream = 0; cream < 14; cream += 1) {
        const angle = (cream / 14) * Math.PI * 2;
        ellipse(pen, 400 + Math.cos(angle) * 175, 428 + Math.sin(angle) * 44, 24, 20, "#fffaf0");
      }
    },
    "bouquet-roses": (pen) => {
      room(pen, ["#2f2a33", "#4a3f4a"], ["#3a2f2a", "#241d1a"]);
      flowers(pen, ["#a31226", "#c11d33", "#8c0f22"], "#e9dfd0");
    },
    "bouquet-field": (pen) => {
      room(pen, sky, wood);
      flowers(pen, ["#f4b5c6", "#fff3d8", "#b9a3e0", "#f7c948"], "#c9a876");
    },
    orchid: (pen) => {
      room(pen, white, white);
      pen.fillStyle = "#b5653f";
      pen.fillRect(330, 420, 140, 130);
      pen.strokeStyle = "#58743f";
      pen.lineWidth = 8;
      pen.beginPath();
      pen.moveTo(400, 420);
      pen.quadraticCurveTo(380, 200, 560, 130);
      pen.stroke();
      for (let bloom = 0; bloom < 6; bloom += 1) {
        const x = 408 + bloom * 30;
        const y = 270 - bloom * 26;
        for (let petal = 0; petal < 5; petal += 1) {
          const turn = (petal / 5) * Math.PI * 2;
          ellipse(pen, x + Math.cos(turn) * 24, y + Math.sin(turn) * 22, 24, 19, "#fdfbff");
        }
        ellipse(pen, x, y, 11, 11, "#c24c8e");
      }
    },
    "shop-window": shop,
    receipt,
  };
  const out: [string, string, string][] = [];
  for (const [name, draw] of Object.entries(pictures)) {
    const canvas = document.createElement("canvas");
    canvas.width = 800;
    canvas.height = 600;
    const pen = canvas.getContext("2d");
    if (!pen) continue;
    draw(pen);
    const small = document.createElement("canvas");
    small.width = 40;
    small.height = 30;
    small.getContext("2d")?.drawImage(canvas, 0, 0, 40, 30);
    out.push([`${name}.jpg`, canvas.toDataURL("image/jpeg", 0.72), small.toDataURL("image/jpeg", 0.4)]);
  }
  for (const [name, sign] of [
    ["heart", "💛"],
    ["cake", "🎂"],
    ["thanks", "🙏"],
  ] as const) {
    const canvas = document.createElement("canvas");
    canvas.width = 256;
    canvas.height = 256;
    const pen = canvas.getContext("2d");
    if (!pen) continue;
    pen.font = '200px "Noto Color Emoji"';
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(sign, 128, 140);
    out.push([`${name}.webp`, canvas.toDataURL("image/webp", 0.8), ""]);
  }
  return out;
});
await mkdir(join(target, "thumbs"), { recursive: true });
const bytes = (url: string): Buffer => Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
for (const [name, picture, thumb] of drawn) {
  await writeFile(join(target, name), bytes(picture));
  if (thumb) await writeFile(join(target, "thumbs", name), bytes(thumb));
}
await browser.close();
