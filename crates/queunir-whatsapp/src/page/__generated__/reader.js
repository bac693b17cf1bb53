(function(){function e(e,t){return e?.getAttribute(t)??``}
function t(e,t){return e?.querySelector(t)??null}
function n(e,t){return[...e.querySelectorAll(t)]}
function r(e,t){return e.closest(t)}
function i(e,t){return e?.contains(t??null)===!0}
function a(e){return e?.textContent??``}
function o(e){return e.tagName.toUpperCase()}
function s(e){return e.getBoundingClientRect()}
function c(e,t){return e==null?void 0:t(e)}var l=`button, [role=button]`,u=globalThis.__qnBeside,d=u.words,f=u.builtIn[0]?.generation,p,m;
function h(e){p=[...e,...u.builtIn.filter(t=>e.every(e=>e.generation!==t.generation))],m=new Map(e.flatMap(e=>Object.entries(e.icons??{})))}h(u.given);
function g(e){return m.get(e)??e}var _=new Map(Object.entries(u.icons).map(([e,t])=>[e,new Set(t)]));
function v(e){return[..._.values()].some(t=>t.has(e))}
function y(e){return _.get(e)??new Set}
function b(e,t){return t.some(t=>e.includes(t))}
function x(e){let t=S.get(e);return t||(t=n(e,`[data-icon], svg > title, svg[data-testid], span[data-testid], div[data-testid]`).map(e=>({element:o(e)===`TITLE`?e.parentElement??e:e,names:ee(e)})).filter(({names:e})=>e.length>0),S.set(e,t)),t}var S=new WeakMap;
function C(){S=new WeakMap}
function ee(t){return(o(t)===`TITLE`?[a(t).trim()]:[e(t,`data-icon`),e(t,`data-testid`)]).filter(e=>e!==``&&e.length<=80).map(g)}
function w(e,t,n=()=>!0){let r=y(t);return x(e).find(e=>e.names.some(e=>r.has(e))&&n(e.element))}
function T(e,t,n){return w(e,t,n)!==void 0}
function te(e,t){let n=y(t);return e.names.filter(e=>n.has(e)).join(` `)}
function ne(e){let n=o(e)===`SVG`?e:t(e,`svg`),r=t(n,`path`),i=new Set;for(let t of[e,n,r]){if(!t)continue;let e=getComputedStyle(t);e.color&&i.add(e.color),t===r&&e.fill&&i.add(e.fill)}return[...i].slice(0,6).map(e=>e.slice(0,80))}var re=Document.prototype.querySelector,E=Document.prototype.querySelectorAll;
function D(e,t){for(let t=Document.prototype;t!==null;t=Object.getPrototypeOf(t)){let n=Object.getOwnPropertyDescriptor(t,e)?.get;if(n!==void 0)return n.call(document)}return t}
function O(e){try{return re.call(document,e)}catch{return null}}
function k(e){try{return[...E.call(document,e)]}catch{return[]}}
function ie(){return D(`documentElement`,null)}
function ae(){return D(`body`,null)}
function oe(){return D(`activeElement`,null)}
function A(){return D(`visibilityState`,`hidden`)===`visible`}
function j(){return ie()?.getAttribute(`lang`)?.slice(0,40)||void 0}
function se(){return ie()?.getAttribute(`dir`)===`rtl`}
function ce(e){return{generation:e,rows_seen:0,rows_read:0,anchors:{},empty:{},tallies:{},alarm:!1}}
function le(e,t){e.rows_seen+=t.rows_seen,e.rows_read+=t.rows_read,e.alarm||=t.alarm;for(let n in t.anchors)e.anchors[n]??=t.anchors[n];for(let n in t.empty)e.empty[n]=(e.empty[n]??0)+(t.empty[n]??0);for(let n in t.tallies){let[r,i]=t.tallies[n],a=e.tallies[n]??[0,0];e.tallies[n]=[a[0]+r,a[1]+i]}return e}
function ue(){for(let e of p)if(e.detect.some(e=>O(e)!==null))return e.generation;return`unknown`}var M=class{memory;report;order;cache=new Map;constructor(e){this.memory=e;let t=ue();C(),e&&e.generation!==t&&e.forget(),e&&(e.generation=t);let n=t===`unknown`?f:t;this.order=[...p].sort((e,t)=>Number(t.generation===n)-Number(e.generation===n)),this.report=ce(t)}once(e,t,n){if(!this.memory)return n();let r=this.report,i=this.memory.of(e,t,()=>{this.report=ce(r.generation);try{return{value:n(),report:this.report}}finally{this.report=r}});return le(r,i.report),i.value}anchors(e){let t=this.cache.get(e);return t||(t=this.order.flatMap((t,n)=>(t.fields[e]??[]).map(e=>[e,n===0])),this.cache.set(e,t)),t}hit(e,t){this.report.anchors[e]??=t}one(e,t,n){return this.look(e,t,n,!1)}must(e,t,n){return this.look(e,t,n,!0)}expects(e){return this.anchors(e).some(([,e])=>e)}look(e,t,n=()=>!0,r){if(t===null)return null;let i=new Set;for(let[[a,o],s]of this.anchors(e)){let c=de(o,t).find(n);if(!c)s&&i.add(a);else return this.hit(e,a),s&&i.delete(a),r?this.tally(e,!0,s?[a]:[],i):s&&this.tally(`${e}:${a}`,!0),c}return r&&this.tally(e,!1,[],i),null}tally(e,t,n=[],r=[]){this.report.tallies[e]??=[0,0],this.report.tallies[e][+!t]+=1;for(let t of n)this.tally(`${e}:${t}`,!0);for(let t of r)this.tally(`${e}:${t}`,!1)}all(e,t,n=()=>!0){if(t===null)return[];for(let[[r,i]]of this.anchors(e)){let a=de(i,t).filter(n);if(a.length>0)return this.hit(e,r),a}return[]}has(e,t){return this.one(e,t)!==null}attribute(t,n){for(let[[r,i,a]]of this.anchors(t)){let o=a&&de(i,n).find(e=>e.hasAttribute(a));if(o)return this.hit(t,r),e(o,a)}}missing(e){this.report.empty[e]=(this.report.empty[e]??0)+1,this.report.anchors[e]??=`none`}found(e,t){this.hit(e,t)}};
function de(e,t){try{return t?n(t,e):k(e)}catch{return[]}}var fe=/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,pe=3900,me=69e3;
function N(e){return ge(e,pe)}
function he(e){let t=ge(e,me);return{text:t,cut:t.length<e.length}}
function ge(e,t){return e.slice(0,t).toWellFormed()}
function P(e){return e.replace(fe,``).normalize(`NFC`).replace(/\s+/g,` `).trim()}
function F(e){return P(e).toLowerCase()}var _e="${appText}",ve=new Set([`P`,`DIV`,`LI`,`UL`,`OL`,`BLOCKQUOTE`,`PRE`]),ye=new Set([`SVG`,`STYLE`,`SCRIPT`,`CANVAS`,`NOSCRIPT`,`TEMPLATE`,`VIDEO`,`AUDIO`]);
function I(e){let t=[];return be(e,t,0),t.join(``)}
function be(e,t,n){if(n>60)return;let r=!1;for(let i of e.childNodes){let e=[];i.nodeType===Node.TEXT_NODE?e.push(i.nodeValue??``):i.nodeType===Node.ELEMENT_NODE&&xe(i,e,n+1);let a=e.join(``);if(a===``)continue;let o=ve.has(i.tagName?.toUpperCase());(o||r)&&t.length>0&&!Ce(t)&&!a.startsWith(`
`)&&t.push(`
`),t.push(a),r=o}}
function xe(t,n,r){let i=o(t),a=e(t,`role`);if(i===`BR`){n.push(`
`);return}if(i===`IMG`){n.push(t.getAttribute(`data-plain-text`)??e(t,`alt`));return}if(ye.has(i)||e(t,`aria-hidden`)===`true`||a===`gridcell`||i===`BUTTON`&&!t.hasAttribute(`data-plain-text`)||a===`button`&&Se(t))return;let s=t.getAttribute(`data-app-text-template`),c=[];be(t,c,r);let l=c.join(``),u=e(t,`data-pre-plain-text`);u.startsWith(`[`)||n.push(u),n.push(s?.includes(_e)?s.replace(_e,()=>l):l)}
function Se(e){return d.read_more.includes(F(a(e).slice(0,60)).replace(/^[.…\s]+|[.…]+$/g,``))}
function Ce(e){return e.findLast(e=>e!==``)?.endsWith(`
`)??!0}
function we(e){let t=[...e.children].filter(e=>ve.has(o(e)));return t.length===0?Te(e):t.map(Te).join(`
`)}
function Te(e){let t=[];return be(e,t,0),[...e.childNodes].findLast(({nodeType:e,nodeValue:t})=>e===Node.ELEMENT_NODE||e===Node.TEXT_NODE&&t!==``)?.nodeName.toUpperCase()===`BR`&&t.pop(),t.join(``)}
function L(e){return P(I(e))}var Ee=/\d{1,2}[:.]\d{2}/;
function De(e,t){let n=[];for(let i of[e,...e.querySelectorAll(`*`)]){if(n.length>=60)break;let e=``;for(let t of i.childNodes)t.nodeType===Node.TEXT_NODE&&(e+=t.nodeValue);let a=e.length<400?P(e):``;a!==``&&!r(i,`svg, style, script, [aria-hidden=true]`)&&t(i)&&n.push({element:i,text:a})}return n}
function R(e){let t=c(e,s);return t?{present:!0,x:t.left+t.width/2,y:t.top+t.height/2}:{present:!1,x:0,y:0}}
function Oe(e){let t=JSON.stringify(e);return t.length*3<9e5?t.length:new TextEncoder().encode(t).length}var ke=1400;
function z(e){return e.one(`list.pane`)}
function Ae(e,t){let n=e.one(`list.grid`,t)??t,r=Ne(e.all(`list.row`,n));e.report.rows_seen+=r.length;let i=[],a=0;for(let t of r){let n=e.once(`title`,t,()=>e.must(`list.title`,t,Me));n?i.push({element:t,title:n,y:Pe(t),height:Fe(t),position:0}):a+=1}i.sort((e,t)=>e.y-t.y),e.report.rows_seen-=i.length>0?a:0;let o=i[0],s=je(i),c=o&&o.height>0&&o.y>=s?Math.round(o.y/s):0;return i.forEach((e,t)=>{e.position=c+t}),i}
function je(e){let t=e.map(e=>e.height).filter(e=>e>0).sort((e,t)=>e-t);return t[Math.floor(t.length/2)]??76}
function Me(t){return P(e(t,`title`))!==``&&r(t,`[data-testid=cell-frame-secondary]`)===null}
function Ne(e){let t=new Set(e);return e.filter(e=>{let n=e.parentElement;for(;n&&!t.has(n);)n=n.parentElement;return!n})}
function Pe(t){for(let n=t,r=0;n&&r<3;n=n.parentElement,r++){let r=/translate(?:Y\(|3d\([^,]+,|\([^,]+,)\s*(-?[\d.]+)px/.exec(n.style?.transform??``);if(r)return Number(r[1]);if(n!==t&&e(n,`role`)===`grid`)break}return s(t).top}
function Fe(e){let t=Number.parseFloat(e.style?.height??``);return Number.isFinite(t)&&t>0?t:s(e).height}var Ie=2e3;
function Le(e){return e.one(`list.archive`)}var Re=Array.from(crypto.getRandomValues(new Uint32Array(2)),e=>e.toString(36)).join(``),ze=0;
function B(e=new M,t=z(e),n){let r=Be(e,t,n);return Oe(r)<=9e5?r:{...r,rows:r.rows.map(e=>({...e,preview:e.preview?.slice(0,80).toWellFormed()}))}}
function Be(e,t,n){ze+=1;let r={v:1,kind:`list`,document:Re,look:ze,visible:A(),present:!1,searching:!1,lang:j(),complete:!1,rows:[]};if(!t)return n===void 0&&e.has(`screen.main`)?(e.must(`list.pane`),{...r,health:e.report}):r;n===void 0&&e.must(`list.pane`);let i=t.matches(`[role=grid]`)?t:e.must(`list.grid`,t),o=Ae(e,t),s=n?.from??0,c=o.slice(s,s+(n?.count??3e3)).map(t=>({...e.once(`chat`,t.element,()=>Ue(e,t)),y:t.y,height:t.height,position:t.position}));o.length===0&&P(a(t))!==``&&e.must(`list.row`,i??t),o[0]&&(e.must(`list.row`,i??t),e.must(`list.cell`,o[0].element)),e.report.rows_read+=c.length,e.report.rows_seen>0&&c.length===0&&(e.report.alarm=!0);let l=Ve(i),u=t.scrollHeight<=t.clientHeight+1;return{...r,present:i!==null||c.length>0,searching:He(e),total:l,complete:l===void 0?u:c.length===l,rows:c,health:e.report}}
function Ve(e){let t=Number(e?.getAttribute(`aria-rowcount`)??NaN);return Number.isInteger(t)&&t>=0&&t<1e6?t:void 0}
function He(e){let t=e.must(`list.search`);return t?o(t)===`INPUT`?t.value.trim()!==``:P(a(t))!==``:!1}
function Ue(t,n){let o=n.element,s=t.one(`list.preview`,o,e=>e!==n.title),l=s?.closest(`[data-testid=cell-frame-secondary]`)??t.one(`list.secondary`,o),u=w(o,`ack`),f=w(o,`media`,e=>!i(n.title,e)),p=F(c(l,L)??``),m=!s&&!t.has(`list.status`,o),h=m&&d.draft.some(e=>p.startsWith(e)&&/^\]?[:：]/.test(p.slice(e.length))),g=m&&!h&&qe(p),_=!s&&!h&&!g&&l?I(l).trim():``,v=s?.getAttribute(`title`)??(_||void 0),y=Ye(t,o);return Ge(t,l,n.title),v===void 0&&t.missing(`list.preview`),s||t.must(`list.secondary`,o),{title:N(e(n.title,`title`)),time:N(Je(t,o)),preview:v?.slice(0,Ie).toWellFormed(),author:Xe(s??t.one(`list.status`,o),v??``),ack_icon:u&&te(u,`ack`),ack_colours:u?ne(u.element):[],media_icon:f&&te(f,`media`),unread_label:c(y,t=>N(e(t,`aria-label`)||a(t))),unread_badge:y!==null,pinned:T(o,`pinned`),muted:t.has(`list.muted`,o)||T(o,`muted`),archived:r(o,`[data-testid=drawer-left]`)!==null||Ke(o,n.title,p),typing:g,draft:h,avatar:Ze(o),yourself:t.has(`list.yourself`,o),selected:We(o)}}
function We(e){return e.matches(`[aria-selected=true]`)||t(e,`[aria-selected=true]`)!==null}
function Ge(e,t,n){if(t)for(let{element:r,names:a}of x(t))r.matches(`svg, [data-icon]`)&&!i(n,r)&&e.tally(`list.icon`,a.some(v))}
function Ke(e,t,n){return d.archived.includes(n)||!b(F(a(e)),d.archived)?!1:De(e,e=>!i(t,e)&&!r(e,`[title]`)).some(e=>d.archived.includes(F(e.text)))}
function qe(e){let t=/^(.{1,80})(\.\.\.|…)$/.exec(e)?.[1];return t===void 0?!1:!d.languages.includes(j()?.split(`-`)[0]??``)||d.typing.some(e=>t.endsWith(e))}
function Je(e,n){let r=e.must(`list.time`,n,e=>t(e,`[title]`)===null);return r||e.missing(`list.time`),c(r,L)??``}
function Ye(n,o){let s=n.one(`list.muted`,o),c=n.one(`list.unread`,o,n=>!(s&&i(n,s))&&!i(s,n)&&/^[\d+.,\s]*$/.test(a(n))&&!/mention|mute|pin/.test(e(n,`data-testid`))&&t(n,`svg, [data-icon]`)===null&&!n.matches(`[data-icon]`));return c?c.hasAttribute(`aria-label`)?c:t(c,`[aria-label]`)??r(c,`[aria-label]`)??c:null}
function Xe(e,t){if(!e)return;let n=I(e),r=n.indexOf(`:\xA0`);if(r<=0||r>80)return;let i=P(n.slice(0,r)),a=P(t);return i!==``&&!a.startsWith(`${i}:`)?N(i):void 0}
function Ze(e){return[`group`,`contact`].find(t=>T(e,t))}var Qe=/^data:image\/(jpeg|png|webp);base64,/,$e=120,et=38e4,tt=30,nt=[`image`,`sticker`,`album`],rt=[`video`,`gif`,`document`];
function it({reading:e,bubble:t,free:n},r){if(r===`album`){e.must(`media.tile`,t,n);let r=e.all(`media.tile`,t,n);return r.filter(e=>!r.some(t=>t!==e&&i(t,e))).slice(0,tt)}return[e.one(`kind.${r}`,t,n)??t]}
function at({free:e},t,n){let r=e=>[...n.querySelectorAll(e),...n.matches(e)?[n]:[]],i=(t,n)=>r(t).filter(t=>e(t)&&!t.hasAttribute(`data-plain-text`)).map(e=>e.getAttribute(n)??``).find(e=>e.startsWith(`blob:`)),a=i(`img[src^='blob:']`,`src`),o=i(`video[src^='blob:'], audio[src^='blob:'], source[src^='blob:']`,`src`);return{whole:nt.includes(t)?a??(t===`album`?o:void 0):o??i(`a[href^='blob:']`,`href`),preview:(rt.includes(t)?a:void 0)??(nt.includes(t)||rt.includes(t)?ot(r,e):void 0)}}
function ot(t,n){let r=t(`[style*='data:image']`).filter(n).map(e=>e.style.backgroundImage.replace(/^url\(["']?|["']?\)$/g,``)),i=t(`img[src^='data:image']`).filter(e=>n(e)&&!e.hasAttribute(`data-plain-text`)).map(t=>e(t,`src`));return[...r,...i].filter(e=>Qe.test(e)&&e.length>=$e&&e.length<=et).sort((e,t)=>t.length-e.length)[0]}
function st(e,t){return it(e,t).map(n=>{let{whole:r,preview:i}=at(e,t,n);return r===void 0?i===void 0?`nothing`:`preview`:`whole`})}
function ct(e,t,n){let r=it(e,t)[n];return r===void 0?{}:at(e,t,r)}var lt=[`poll`,`location`,`contact`,`album`,`sticker`,`gif`,`voice`,`video`,`audio`,`document`,`image`,`call`],ut=/^\d{1,3}:\d{2}(:\d{2})?$/,dt=/^\d[\d.,]*\s?([kmg]i?b|bytes|b)$/i,V=/^.{1,300}\.[a-z0-9]{1,5}$/i,ft=[`poll`,`location`,`contact`,`album`,`sticker`,`image`];
function pt(e,t,n){let{reading:r,bubble:i,free:a}=e,o=mt(e,t,n);return ft.includes(o)&&r.expects(`kind.${o}`)&&r.must(`kind.${o}`,i,a),o}
function mt(r,i,a){let{reading:o,bubble:s,row:c,free:l,pre:u}=r;if(T(c,`recalled`,l))return`deleted`;let f=n(s,`[aria-label]`).filter(l).map(t=>F(e(t,`aria-label`)));for(let e of lt){if(o.one(`kind.${e}`,s,l))return e;let t=d.kinds[e],n=T(s,e,l)?`icon`:t?.some(t=>f.includes(t)||e===`voice`&&b(f.join(`
`),[t]))?`label`:void 0;if(n)return o.found(`kind.${e}`,n),e}if(ht(r,i,a))return`document`;if(!u){let e=F([i,...a.map(e=>e.text)].join(` `).slice(0,1e3));if(b(e,d.undecrypted))return`undecrypted`;if(b(e,d.view_once))return`view_once`;if(b(e,d.deleted))return`deleted`;if(i===``&&b(e,d.call))return`call`}let p=t(r.body,`a[href]`);return i===``&&o.one(`loose.location`,s,l)?`location`:!p&&o.one(`loose.image`,s,l)?`image`:`none`}
function ht({bubble:t,free:r},i,a){let o=n(t,`[title]`).filter(r);return o.length===0?!1:a.some(e=>e.text.split(/\s[•·]\s|,\s/).some(e=>dt.test(e)))||i===``&&o.some(t=>V.test(e(t,`title`)))}var gt=[`album`,`sticker`,`gif`,`voice`,`video`,`audio`,`document`,`image`];
function _t(e,t,n){let{clock:r,media:i}=vt(e,t,n);if(!gt.includes(t))return{clock:r,media:i};let a=n.filter(e=>e!==r).flatMap(e=>e.text.split(/\s[•·]\s|,\s/)).find(e=>dt.test(e.trim()));return{clock:r,media:{...i,size:a&&N(a),files:st(e,t)}}}
function vt(t,a,o){let{bubble:s,meta:c,free:l}=t,u=o.filter(({element:e,text:t})=>Ee.test(t)&&t.length<30&&(!c||i(c,e))),d=[`voice`,`video`,`gif`,`audio`].includes(a),f=o.filter(({text:e})=>ut.test(e)),p=d&&!c&&u.length===1&&f.length===1,m=p?void 0:u.at(-1),h=f.find(e=>e!==m&&(p||e.text!==m?.text)),g=n(s,`[title]`).filter(l).map(t=>e(t,`title`));if(a===`document`){let e=g.find(e=>V.test(e))??g.find(e=>e!==``)??yt(o);return{clock:m,media:e?{name:N(e)}:void 0}}if(a===`contact`){let e=o.find(e=>e!==m&&!r(e.element,`button`));return{clock:m,media:e&&{name:N(L(e.element))}}}let _=a===`audio`?g.find(e=>V.test(e)):void 0;return{clock:m,media:d&&(h??_)!==void 0?{name:_&&N(_),duration:h?.text}:void 0}}
function yt(e){return e.find(({text:e})=>V.test(e)&&!Ee.test(e))?.text}var bt=`[data-testid=msg-meta], [data-testid=author], [data-testid=reaction-bubble], [data-testid=vcard-msg], [data-testid^=poll-option]`,xt=`[data-pre-plain-text]`;
function H(n,r){let i=r.matches(`[data-virtualized]`)?r:t(r,`[data-virtualized]`);return P(a(r))!==``||t(r,`img, canvas, svg`)?!0:e(i,`data-virtualized`)===`true`?!1:U(n,r)!==null||n.has(`row.notice`,r)}
function St(e){let t=r(e,`[role=row]`);return t&&n(t,`[data-id]`).every(t=>i(e,t))?t:e}
function U(e,t){return e.one(`row.bubble`,t)??r(t,`.message-in, .message-out`)}
function Ct(e,t){let n=U(e,t)??t,r=Ot(e,n),a=e=>!i(r,e),o=kt(t,a),s=At(e,n,o,a),c=e=>a(e)&&!i(s,e);return{reading:e,row:t,bubble:n,pre:o,body:s,meta:e.one(`row.meta`,n,c),free:c,outside:a}}
function wt(e){let{reading:t,bubble:n,free:r}=e,a=t.one(`row.author`,n,r),o=De(n,e=>r(e)&&!i(a,e)),s=o.filter(e=>!d.forwarded.includes(F(e.text)));return{all:o,drawn:s,author:a,kind:pt(e,c(e.body,I)??Mt(e),s)}}
function Tt(e,t,n){let r=Ct(e,t);return ct(r,wt(r).kind,n)}
function Et(t,n,a){let{reading:o,row:s,bubble:l,pre:u,free:d,outside:f}=t,p=St(s),m=Ot(o,l),{all:h,drawn:g,author:_,kind:v}=wt(t),y=he(c(t.body??(v===`none`&&u?jt(o,u,f):null),I)??(v===`none`?Mt(t):``)),b=v===`poll`&&y.text===``?Nt(g):y.text,x=_t(t,v,g),S=Pt(t,x.clock),C=w(t.meta??l,`ack`,d),ee=zt(p,f),re=Bt(p,d);Dt(t,v,x.clock,ee,re),!u&&v===`none`&&o.missing(`row.pre`),b===``&&v===`none`&&o.missing(`row.text`);let E=C&&r(C.element,`[aria-label]`);return{row:`message`,id:n,drawn:!0,text:[`deleted`,`undecrypted`,`view_once`,`call`].includes(v)?``:b,cut:y.cut||Ht(t)!==void 0||void 0,kind:v,class:Rt(s),tail:ee,status:C&&!0,author_label:re,author:c(_,e=>N(L(e)))||void 0,pre:c(u,t=>N(e(t,`data-pre-plain-text`))),side:Vt(l,u,a),clock:x.clock?.text,ack_label:E&&i(p,E)?N(e(E,`aria-label`)):void 0,ack_icon:C&&te(C,`ack`),ack_colours:C&&ne(C.element),failed:T(p,`failed`,d)||o.has(`row.refused`,p)||void 0,quoted:c(m,e=>Ut(o,e)),meta:c(S,e=>Ft(e,d,x.clock)),meta_labels:c(S,Lt),starred:It(S,`starred`),pinned:It(S,`pinned`),forwarded:o.one(`row.forwarded`,l,d)!==null||T(l,`forwarded`,d)||h.length>g.length||void 0,reactions:Wt(o,p,d),media:x.media}}
function Dt({reading:e,row:t,bubble:n,pre:i,body:a,free:o,outside:s},c,l,u,d){let f=c===`none`&&(i||a);i&&(e.must(`row.bubble`,r(t,`.message-in, .message-out`)?.parentElement??t),e.tally(`row.tail`,u!==void 0),e.tally(`row.label`,d!==void 0)),l&&i&&e.expects(`row.meta`)&&e.must(`row.meta`,n,o),f&&e.tally(`row.pre`,i!==null),f&&i&&Mt({bubble:n,outside:s})===``&&e.must(`row.body`,n,s)}
function Ot(t,r){return t.one(`row.quoted`,r)??n(r,`[aria-label]`).find(t=>d.quoted.includes(F(e(t,`aria-label`))))??t.one(`row.quoted_loose`,r)}
function kt(t,i){return[r(t,xt),...n(t,xt)].find(t=>t&&/^\s*\[/.test(e(t,`data-pre-plain-text`))&&i(t))??null}
function At(e,t,n,a){let o=e.one(`row.preview_card`,t),s=e=>a(e)&&e!==n&&!e.hasAttribute(`data-pre-plain-text`)&&!e.hasAttribute(`title`)&&!i(o,e)&&!r(e,bt);return e.one(`row.body`,n,s)??e.one(`row.body`,t,s)}
function jt(t,n,i){return t.one(`row.body_loose`,n,t=>i(t)&&!t.hasAttribute(`title`)&&!r(t,bt)&&!e(n,`data-pre-plain-text`).trimEnd().endsWith(`] ${t.textContent}:`)&&!Ee.test(P(a(t)).slice(0,20)))}
function Mt({bubble:t,outside:i}){return n(t,`img[data-plain-text], img.emoji[alt]`).filter(e=>i(e)&&!r(e,`[data-testid=reaction-bubble], button`)).map(t=>t.getAttribute(`data-plain-text`)??e(t,`alt`)).join(``)}
function Nt(e){let t=e.find(({element:e})=>!r(e,`[data-testid^=poll-option], button`));return t?I(t.element):``}
function Pt({bubble:e,body:t,meta:n},r){if(n||!r)return n;let a=r.element.parentElement;return a?.childElementCount===1&&a!==e&&(a=a.parentElement),!a||a===e||t&&i(a,t)?r.element:a}
function Ft(e,t,n){return De(e,t).map(e=>e.text).filter(e=>e!==n?.text).slice(0,8)}
function It(e,t){return e&&T(e,t)||void 0}
function Lt(t){let r=n(t,`[aria-label]`).map(t=>e(t,`aria-label`));return r.length===0?void 0:r.slice(0,8).map(N)}
function Rt(e){return c(r(e,`.message-in, .message-out`)??t(e,`.message-in, .message-out`),({classList:e})=>e.contains(`message-out`)?`out`:`in`)}
function zt(e,t){return[`out`,`in`].find(n=>T(e,`tail_${n}`,t))}
function Bt(t,r){return c(n(t,`span[aria-label]`).find(t=>/[:：]\s*$/.test(e(t,`aria-label`))&&r(t)),t=>N(e(t,`aria-label`).trim()))}
function Vt(e,t,n){if(!(n.width<=0))for(let r of[e,t,e.firstElementChild]){if(!r||getComputedStyle(r).display===`inline`)continue;let e=s(r);if(e.width<=0||e.width>n.width*.9)continue;let t=(e.left+e.width/2-(n.left+n.width/2))/n.width;if(!(Math.abs(t)<.03))return t>0===se()?`start`:`end`}}
function Ht({bubble:e,outside:t}){return n(e,l).find(e=>t(e)&&Se(e))}
function Ut(e,n){let r=n.matches(`.quoted-mention`)?n:t(n,`.quoted-mention`),a=e=>t=>!e||!(i(e,t)||i(t,e)),o=e.one(`row.author`,n,a(r))??e.one(`quoted.author`,n,a(r)),s=a(o),l=r??e.one(`row.body`,n,s);return{sender:N(c(o,L)??``)||void 0,text:he(c(l,I)??De(n,s).map(e=>e.text).join(` `)).text}}
function Wt(t,n,i){let a=t.all(`row.reactions`,n,e=>i(e)&&!r(e,`[data-testid=msg-container]`)).map(t=>N(e(t,`aria-label`))).filter(e=>e!==``);return a.length===0?void 0:a.slice(0,20)}
function Gt(e){let t=e.attribute(`screen.link_code`)?.replaceAll(`,`,``);return t&&/^\w{8}$/.test(t)?t:void 0}
function Kt(){let e=new M,t=e.one(`login.field`),n=e.one(`login.next`),i=k(`button, [role=button]`).findLast(e=>b(F(a(e)),d.phone_login))??e.one(`login.offer`),o=`none`;return e.has(`screen.main`)||(Gt(e)?o=`code`:t&&e.has(`screen.phone_login`)?o=`form`:i&&(o=`offer`)),{stage:o,offer:R(i),field:R(t),value:t instanceof HTMLInputElement?t.value.slice(0,100).toWellFormed():``,focused:t!==null&&oe()===t,next:R(n&&(r(n,`button, [role=button]`)??n)),refused:e.has(`login.refused`)}}
function qt(){let e=new M,t=Jt(e),n=t===`main`;return{v:1,kind:`state`,visible:A(),generation:ue(),lang:j(),screen:t,qr:t===`qr`?tn(e):void 0,link_code:t===`phone_login`?Gt(e):void 0,sync_percent:t===`syncing`||n?on(e,n):void 0,own_title:n?cn(e):void 0,offline:n&&ln(e),dialog:n||t===`unknown`?fn(e):void 0}}
function Jt(e){let t=ae();if(!t)return`blank`;let n=Xt(e);if(n)return n;if(e.has(`screen.loading`))return on(e,!1)===void 0?`startup`:`syncing`;if(e.has(`screen.main`))return`main`;if(e.has(`screen.phone_login`))return`phone_login`;let r=$t(e);return r?en(e,r):Yt(t)}
function Yt(e){let n=O(`#app`);if(O(`#wa_web_initial_startup`))return`startup`;let r=F(a(e).slice(0,2e4));if(/google chrome \d+\+/.test(r)||!n&&b(r,d.unsupported))return`unsupported`;let i=[[`phone_login`,d.phone_code],[`qr_wait`,d.login],[`blocked`,d.blocked],[`passkey`,d.passkey],[`offline`,d.offline],[`logged_out`,d.logged_out]];for(let[e,t]of i)if(b(r,t))return e;return!n||n.childElementCount===0||r===``?`blank`:t(n,`progress, [role=progressbar]`)?`startup`:`unknown`}
function Xt(e){if(Qt(e).some(Zt))return`another_session`;let t=e.one(`dialog.confirm`);return!t||e.has(`screen.main`)||e.has(`screen.qr_value`)?null:e.has(`dialog.ok`,t)&&e.has(`dialog.cancel`,t)?`conflict`:null}
function Zt(e){return b(F(a(e)),d.dialogs.use_here??[])}
function Qt(e){let t=[...new Set([...e.all(`dialog`),...e.all(`dialog.confirm`)])];return t.filter(e=>!t.some(t=>t!==e&&i(t,e)))}function $t(e){return e.one(`screen.qr`)??e.one(`screen.qr_value`)}
function en(e,t){return rn(t)||nn(t)?`qr_idle`:tn(e)?`qr`:`qr_wait`}
function tn(e){let t=e.attribute(`screen.qr_value`);return t&&t.length<=2e3&&/^(2@|https:\/\/wa\.me\/)/.test(t)?t.toWellFormed():void 0}
function nn(e){let n=o(e)===`CANVAS`?e:t(e,`canvas`);for(let t=n;t;t=t.parentElement){let n=getComputedStyle(t).opacity;if(n!==``&&Number(n)<.3)return!0;if(t===e)break}return!1}
function rn(e){let n=e.matches(`button`)?e:t(e,l);if(n)return n;for(let t=e.parentElement,n=0;t&&n<3;t=t.parentElement,n++){let e=w(t,`refresh`)?.element.closest(l);if(e)return e}return null}
function an(){let e=new M,t=$t(e);return R(t&&!e.has(`screen.main`)?rn(t):null)}
function on(e,t){if(!t){let t=e.one(`screen.loading`);return sn(a(t&&o(t)===`PROGRESS`?t.parentElement:t))}for(let t of k(`#side [data-testid^=chat-butterbar], #side [data-testid*=sync]`).concat(e.all(`screen.banner`))){let e=sn(a(t));if(e!==void 0)return e}}
function sn(e){let t=/(\d{1,3})\s?%|%\s?(\d{1,3})/.exec(e.slice(0,5e3)),n=Number(t?.[1]??t?.[2]??NaN);return n>=0&&n<=100?n:void 0}
function cn(n){return N(e(t(n.one(`list.yourself`),`span[title]`),`title`))||void 0}
function ln(e){if(e.has(`screen.offline_banner`))return!0;let t=O(`#side`);return t?un(e.one(`list.grid`,e.one(`list.pane`)),t).some(e=>T(e,`offline`))?!0:e.all(`screen.banner`).some(e=>b(F(a(e)),d.offline)):!1}
function un(e,t){if(!e||!i(t,e))return[t];let n=[];for(let r=e;r&&r!==t;r=r.parentElement)n.push(...[...r.parentElement?.children??[]].filter(e=>e!==r));return n}
function dn(){return fn(new M)??{present:!1,x:0,y:0}}
function fn(e){let t=Qt(e).at(-1);if(!t)return;let n=F(a(t)).slice(0,500),r=pn(e,t,n),{x:i,y:o}=R(r?mn(e,t):null);return{present:!0,...r?{known:r}:{text:N(n)},x:i,y:o}}
function pn(e,t,n){return e.has(`dialog.continue`,t)?`fresh_look`:Object.entries(d.dialogs).find(([,e])=>b(n,e??[]))?.[0]}
function mn(e,i){let a=e.one(`dialog.continue`,i)??t(i,`[data-testid=popup-controls-ok]`);return a?r(a,`button, [role=button]`)??t(a,`button, [role=button]`)??a:n(i,`button, [role=button]`).at(-1)??null}
function hn(){let e=new M;for(let t of Qt(e))if(Zt(t))return R(n(t,`button, [role=button]`).findLast(Zt)??mn(e,t));return R(null)}
function W(e){return e.one(`main`)}
function gn(e){return e.must(`header`,W(e))}
function _n(e=new M){let n=gn(e);if(!n)return{present:!1,title:``};let r=e.must(`header.title`,n,e=>vn(e)!==``),a=c(r,vn)??``;return a===``&&e.missing(`header.title`),{present:!0,title:a,subtitle:N(c(e.one(`header.subtitle`,n,e=>!i(r,e)),e=>e.getAttribute(`title`)??t(e,`[title]`)?.getAttribute(`title`)??L(e))??``)||void 0}}
function vn(e){return N((e.hasAttribute(`title`)?e:t(e,`span[title][dir=auto]`))?.getAttribute(`title`)||P(I(e)))}
function G(e){let t=W(e);if(!t)return null;let r=n(t,`[data-id]`),a=e=>r.every((t,n)=>n>0&&n<r.length-1||i(e,t));return e.must(`messages.box`,t,a)??yn(e.one(`messages.list`,t,a)??bn(r))}
function yn(e){for(let t=e;t&&t.id!==`main`;t=t.parentElement)if(/auto|scroll/.test(getComputedStyle(t).overflowY))return t;return e}
function bn(e){let t=e.at(-1),n=(e[0]?.closest(`[role=row]`)??e[0])?.parentElement??null;for(;n&&t&&!i(n,t);)n=n.parentElement;return n}
function K(n){let r=[],i=(n,a)=>{for(let o of n.children){let n=e(o,`data-id`);n?r.push({element:o,id:n}):a<30&&t(o,`[data-id]`)?i(o,a+1):r.push({element:o})}};return i(n,0),r}
function q(e=new M,t,n){let r={v:1,kind:`conversation`,visible:A(),open:!1,lang:j(),title:``,rows:[],at_start:!1,at_end:!1,offline:!1,writable:!1},i=G(e),a=_n(e);if(!a.present||!i)return W(e)?{...r,health:e.report}:r;let o=K(i),s=t===void 0?0:o.findIndex(({id:e})=>e&&wn(e,t))+1;if(t!==void 0&&s===0)return null;let l=n===void 0?On(e,o.slice(s)):o.slice(n.from,n.from+n.count),u=r.visible?Tn(e,l,i):[],d=i.scrollHeight-i.scrollTop-i.clientHeight<24;W(e)?.querySelector(`[contenteditable=true]`)&&e.must(`composer`,W(e));let f=Cn(e),p={...r,open:!0,title:a.title,subtitle:a.subtitle,avatar:xn(e),composer_label:c(f,Sn),rows:u,at_start:u.some(e=>e.row===`start`),at_end:d,offline:ln(e),writable:f!==null,health:e.report};return n===void 0?Fn(p):{...p,pieces:o.length}}
function xn(e){let t=gn(e);return t===null?void 0:Ze(t)}
function Sn(e){return e.getAttribute(`aria-label`)?.slice(0,1e3).toWellFormed()}
function Cn(e){return e.one(`composer`,W(e))}
function J(e){return/^(?:true|false)_[^_]*@[^_]*_([^_]+)/.exec(e)?.[1]??e}
function wn(e,t){return e===t||J(e)===J(t)}
function Tn(e,n,r){let i=s(r),a=[],o=new Set;for(let{element:t,id:r}of n)if(r)o.has(r)||r.length>300||(o.add(r),a.push(e.once(r,t,()=>H(e,t)?kn(e,t,r.toWellFormed(),i):En(r))));else{let n=e.once(`between`,t,()=>Pn(e,t));n&&a.push(n)}let c=a.filter(e=>e.id&&e.drawn);return e.report.rows_seen+=c.length,e.report.rows_read+=c.filter(Dn).length,(o.size>0||t(r,`[data-pre-plain-text]`))&&e.tally(`row.id`,o.size>0),c.length>0&&e.report.rows_read===0&&(e.report.alarm=!0),a}
function En(e){return{row:`message`,id:e,drawn:!1}}
function Dn(e){return e.row!==`message`||e.text!==``||e.kind!==`none`||e.clock!==void 0}
function On(e,t){if(t.length<=1400)return t;let n=t.findIndex(({id:t,element:n})=>t&&H(e,n)),r=Math.max(0,Math.min(n<0?t.length:n-100,t.length-ke));return t.slice(r,r+ke)}
function kn(e,t,n,r){if(e.has(`row.notice`,t)&&!U(e,t)&&!An(e,t))return Nn(e,t,n);let i=Ct(e,t),a=Et(i,n,r),o=i.bubble===t&&!i.pre&&!/\bmessage-(in|out)\b/.test(t.className),s=a.kind===`none`&&a.status===void 0,c=o&&(s&&(a.text===``||a.clock===void 0&&a.tail===void 0)||e.has(`row.card`,t)),l=e.has(`row.subtype`,t)&&!i.pre&&s;return c||l?Nn(e,t,n):a}
function An(e,t){return e.has(`kind.call`,t)||!e.has(`row.subtype`,t)&&b(F(L(t)),d.call)&&!jn(t)}
function jn(e){return b(F(L(e)),d.encryption)}
function Mn(e){return N(L(e)).slice(0,1e3).toWellFormed()}
function Nn(e,t,n){let r=e.attribute(`row.subtype`,t)?.replace(/^subtype-/,``);return{row:jn(t)?`start`:`notice`,id:n,drawn:!0,text:Mn(t),subtype:c(r,N)}}
function Pn(e,n){let r=L(n);if(r!==``)return n.matches(`[data-testid=msg-notification-container]`)||e.has(`row.notice`,n)||b(r.toLowerCase(),d.encryption)&&r.length>40?Nn(e,n):n.matches(`span[aria-live=polite]`)||e.has(`row.divider`,n)?{row:`divider`,drawn:!0,text:N(r)}:r.length>60||t(n,`button, [role=button], progress`)?{row:`notice`,drawn:!0,text:Mn(n)}:{row:`marker`,drawn:!0,text:N(r)}}
function Fn(e){let t=Oe(e);for(let n=0;t>9e5&&n<e.rows.length-1;n++){let r=e.rows[n];r?.id&&r.drawn&&(t-=Oe(r)-60,e.rows[n]=En(r.id))}return e}var In=`input:not([type=radio]), [contenteditable=true]`,Ln=`${l}, [role=menuitem], [role=checkbox], [role=radio], [type=radio], ${In}, [aria-live]`;
function Rn(e,t){return(e===null?[]:K(e)).find(({id:e})=>e!==void 0&&wn(e,t))?.element}
function zn({key:e,show:t}){let n=new M,r=G(n),i=Rn(r,e);if(r===null||i===void 0)return{found:!1};let a=s(r);t&&(r.scrollTop+=s(i).top-a.top-Math.max(90,(a.height-s(i).height)/2));let o=H(n,i),c=s(o&&U(n,i)||i),l=Math.max(c.top,a.top),u=Math.min(c.bottom,a.bottom);return{found:!0,drawn:o,seen:u-l>=Math.min(c.height,40)&&c.top>=a.top+20,x:c.left+c.width/2,y:Math.min((l+u)/2,l+60)}}
function Bn(e,t){let n=Rn(G(e),t);return n&&(r(n,`[role=row]`)??n)}
function Vn(r){let a=r.matches(In),o=[...[r,...n(r,`[data-testid]`)].map(t=>e(t,`data-testid`)),...x(r).flatMap(e=>e.names)].filter(e=>e!==``),s=[`aria-pressed`,`aria-checked`,`aria-expanded`].map(t=>e(r,t)).find(Boolean),{checked:c,value:l}=r;return{...R(r),role:e(r,`role`)||r.localName,label:N(e(r,`aria-label`)||e(t(r,`[title]`),`title`)||L(r)),names:[...new Set(o)].slice(0,12).map(e=>e.slice(0,80)),on:r.matches(`[type=radio]`)?c:s&&s===`true`,off:r.matches(`:disabled, [aria-disabled=true]`),text:a?N(l??we(r)):void 0,focused:a&&i(r,oe()),live:r.hasAttribute(`aria-live`)}}
function Hn({field:e,key:t=``}){let r=new M,i=e===`row`?Bn(r,t):r.all(e).at(-1),a=i===void 0?[]:n(i,Ln);return{present:i!==void 0,text:i===void 0||e===`row`?``:N(L(i).slice(0,300)),controls:a.slice(0,120).map(Vn)}}var Un={messageRow:zn,controls:Hn};
function Wn(e,t){let n=G(e);for(let{id:r,element:i}of n===null?[]:K(n).reverse()){if(r===void 0||!t(J(r))||!H(e,i))continue;let n=Ht(Ct(e,i));if(n)return{key:J(r),button:n}}return null}
function Gn({skip:e}){let t=Wn(new M,t=>!e.includes(t));return t?.button.scrollIntoView({block:`center`,behavior:`instant`}),{...R(t?.button??null),key:t?.key.toWellFormed()??``}}var Kn=5e3,qn=[`pointerdown`,`mousedown`,`pointerup`,`mouseup`,`click`],Y;
function Jn(e){return/^\+[\d\s().\-\u2010-\u2013]+$/.test(P(e))?e.replace(/\D/g,``):``}
function Yn(t,n,{title:r,phone:i}){let a=Ae(t,n),o=t=>a.filter(n=>t(e(n.title,`title`))),s=o(e=>P(e)===P(r)),c=i?.replace(/\D/g,``);return s.length>0||!c?s:o(e=>Jn(e)===c)}
function Xn(e){let t=new M;if(`more`in e)return Wn(t,t=>t===e.more)?.button;if(`row`in e)return Bn(t,e.row);let n=z(t),r=n===null?[]:Yn(t,n,e);return r.length===1?r[0]?.element:void 0}
function Zn(e){return Y={at:e,until:performance.now()+Kn,stopped:!1},!0}
function Qn(){let e=Y?.stopped??!0;return Y=void 0,{stopped:e}}function $n(e){Y===void 0||performance.now()>Y.until||i(Xn(Y.at),e.target)||(Y.stopped=!0,e.stopImmediatePropagation(),e.preventDefault())}
function er(){for(let e of qn)globalThis.addEventListener(e,$n,{capture:!0})}
function tr(){let e=new M;return rr(e.one(`attach.button`,W(e)))}
function nr({kind:e}){return rr(new M().one(`attach.${e}`))}
function rr(e){let t=e&&(r(e,`button, [role=button], [role=menuitem]`)??e),n=R(t),a=t&&document.elementFromPoint(n.x,n.y);return a&&(i(t,a)||i(a,t))?n:R(null)}
function ir(){let t=G(new M);for(let a of k(`[contenteditable=true]`)){if(r(a,`footer, #side`)!==null||s(a).height===0)continue;let o=a;for(let e=a.parentElement;e&&e.id!==`main`&&!(t&&i(e,t));e=e.parentElement)o=e;let c=ar(o);if(c===null)continue;let l=/\d+/.exec(L(c)),u=n(o,`[title]`).map(t=>N(e(t,`title`)));return{...R(a),text:we(a).toWellFormed(),focused:i(a,oe()),send:rr(c),count:l?Number(l[0]):1,names:u.filter(e=>e!==``).slice(0,20)}}return R(null)}
function ar(e){let t=y(`send`),n=x(e).find(e=>e.names.some(e=>t.has(e))&&r(e.element,`footer`)===null);return n?r(n.element,l):null}var or=[`style`,`aria-rowcount`],sr=`[data-id], [role=row], [role=listitem]`,cr=class{generation=``;known=new WeakMap;forget(){this.known=new WeakMap}of(e,t,n){let r=this.known.get(t);r||(r=new Map,this.known.set(t,r));let i=r.get(e)??n();return r.set(e,i),i}touched(e,i){let a=r(e,`[role=row]`);if(!i||!or.includes(i)||e!==a&&r(e,sr)){for(let t=e;t;t=t.parentElement)this.known.delete(t);if(a)for(let e of n(a,`[data-id]`))this.known.delete(e);else i&&t(e,sr)&&this.forget()}}},lr=30,ur={state:30,list:100,conversation:100},dr=5e3,fr=200,X=[`state`,`list`,`conversation`].map(e=>({kind:e,dirty:!0,last:-1e3,hash:``})),Z=new cr,Q={},pr=``,mr,hr=0;
function gr(){let e=globalThis.qnObserve;return typeof e==`function`?e:void 0}
function _r(e){let t=3735928559,n=1103547991;for(let r=0;r<e.length;r++){let i=e.charCodeAt(r);t=Math.imul(t^i,2654435761),n=Math.imul(n^i,1597334677)}return`${e.length}:${(t>>>0).toString(36)}${(n>>>0).toString(36)}`}
function vr(){let e=[Q.list,Q.conversation].filter(e=>e!==void 0);return e.reduce(le,ce(e[0]?.generation??`unknown`))}
function yr(e){if(e===`state`)return qt();let t=new M(Z);if(e===`list`){let{health:e,...n}=B(t);return Q.list=e,n.present?n:void 0}if(!A())return;let{health:n,...r}=q(t)??{open:!1};return Q.conversation=n,r.open?r:void 0}var br=1500,xr;
function Sr(e){return e.screen===`unknown`?(xr??=performance.now(),performance.now()-xr<br):(xr=void 0,!1)}
function Cr(e,t){let n=yr(e.kind);if(e.kind===`state`&&n!==void 0&&Sr(n)){e.dirty=!0;return}if(n===void 0){e.hash=``;return}let r=JSON.stringify(n),i=_r(r.replace(/"look":\d+/,``));i!==e.hash&&(t(r),e.hash=i)}
function wr(e){let t=JSON.stringify({v:1,kind:`health`,health:vr()}),n=_r(t);n===pr||Q.list===void 0&&Q.conversation===void 0||(e(t),pr=n)}
function Tr(){mr=void 0;let e=gr();if(e===void 0){Er(fr);return}let t=performance.now(),n;for(let r of X){if(!r.dirty)continue;let i=r.last+ur[r.kind]-t;if(i>0)n=Math.min(n??i,i);else{r.dirty=!1,r.last=t;try{Cr(r,e)}catch{r.hash=``}}}try{wr(e)}catch{pr=``}xr!==void 0&&(n=Math.min(n??br,br/5)),n!==void 0&&Er(n)}
function Er(e){let t=performance.now()+e;mr!==void 0&&hr<=t||(clearTimeout(mr),hr=t,mr=setTimeout(Tr,e))}
function Dr(...e){for(let t of X)e.includes(t.kind)&&(t.dirty=!0);Er(lr)}function $(){Z.forget(),Dr(`state`,`list`,`conversation`)}
function Or(e){if(e.length>200){$();return}let t=new Set;for(let{target:n,attributeName:i}of e){let e=n instanceof Element?n:n.parentElement;if(!e){$();return}if(Z.touched(e,i),r(e,`#pane-side`))t.add(`list`);else if(r(e,`#main`))t.add(`conversation`);else for(let{kind:e}of X)t.add(e)}Dr(...t)}
function kr(){Q.list=void 0,Q.conversation=void 0;for(let e of X)e.hash=``;$()}
function Ar(){new MutationObserver(Or).observe(document,{subtree:!0,childList:!0,characterData:!0,attributes:!0});let e=()=>Dr(`list`,`conversation`);for(let t of[`scroll`,`input`])document.addEventListener(t,e,{capture:!0,passive:!0});document.addEventListener(`transitionend`,({target:t})=>{t instanceof Element&&Z.touched(t),e()}),addEventListener(`resize`,$),document.addEventListener(`visibilitychange`,$),document.addEventListener(`readystatechange`,$),setInterval($,dr),$()}var jr={found:`none`,x:0,y:0,position:0,clickable:!1,top:0,height:0,inView:!1,selected:!1};
function Mr({title:e,phone:t}){let n=new M,r=z(n);if(!r)return jr;let i=Yn(n,r,{title:e,phone:t}),a=i[0];if(!a)return jr;let o=n.one(`list.cell`,a.element)??a.element,{x:c,y:l}=R(o),u=s(r),d=s(o).height>0&&l>u.top&&l<u.bottom&&c>u.left&&c<u.right;return{found:i.length===1?`one`:`many`,x:c,y:l,position:a.position,clickable:i.length===1&&d&&Nr(o,a.element,{x:c,y:l})&&Pr(n,r,a.element,a.y),top:a.y,height:a.height,inView:d,selected:We(a.element)}}
function Nr(e,t,n){return getComputedStyle(e).pointerEvents!==`none`&&i(t,document.elementFromPoint(n.x,n.y))}
function Pr(e,t,n,r){let i=e.one(`list.grid`,t);if(!i)return!0;let a=s(n).top,o=e=>Math.abs(a-s(e).top-r)<3;return o(n.parentElement??i)||o(i)||!/translate/.test(n.style.transform)}
function Fr(e){let{scrollTop:t,scrollHeight:n,clientHeight:r}=e??{scrollTop:0,scrollHeight:0,clientHeight:0};return{...R(e),scrollTop:t,scrollHeight:n,clientHeight:r}}
function Ir(e,t){return e?.scrollTo({top:t===`end`?e.scrollHeight:Number(t)||0,behavior:`instant`}),Fr(e)}
function Lr(){let t=Cn(new M),n=c(t,we)?.toWellFormed()??``,r=oe();return{...R(t),writable:t!==null&&e(t,`aria-disabled`)!==`true`,text:n,empty:n===``,focused:r!==null&&i(t,r),hasDraft:n!==``,label:c(t,Sn)}}
function Rr(){let e=new M,t=e.one(`send`,W(e),e=>!T(e,`microphone`));return R(t?.closest(`button, [role=button]`)??t)}
function zr(){let e=new M,t=G(e);if(!t)return null;let n=K(t).findLast(({id:t,element:n})=>t&&(!H(e,n)||!e.has(`row.notice`,n)));return n?.id?{key:J(n.id).toWellFormed(),direction:Br(n.id,n.element)}:null}
function Br(e,n){return e.startsWith(`true_`)||t(n,`.message-out`)||T(n,`tail_out`)||T(n,`ack`)?`out`:e.startsWith(`false_`)||t(n,`.message-in`)||T(n,`tail_in`)?`in`:`unknown`}
function Vr({key:e,place:t}){let n=new M,{title:r}=_n(n),i=(c(G(n),K)??[]).find(({id:t,element:r})=>t&&wn(t,e)&&H(n,r));return i?{title:r,drawn:!0,...Tt(n,i.element,t)}:{title:r,drawn:!1}}var Hr={state:qt,list:()=>B(),conversation:()=>q(),chats:e=>B(new M,void 0,e),archive:(e,t=new M)=>B(t,Le(t),e),rows:e=>q(new M,void 0,e),chatRow:Mr,takeAim:Zn,aimed:Qn,folded:Gn,listBox:()=>Fr(z(new M)),conversationBox:()=>Fr(G(new M)),scrollListTo:({top:e})=>Ir(z(new M),e),scrollConversationTo:({top:e})=>Ir(G(new M),e),attachButton:tr,attachItem:nr,composer:Lr,preview:ir,sendButton:Rr,lastMessage:zr,...Un,media:Vr,messages:({after:e})=>q(new M,e??void 0)??{error:`after_not_found`},phoneLogin:Kt,qrReload:an,useHere:hn,dialog:dn,header:()=>_n(),visible:A,useProfiles:e=>(h(e),kr(),!0)};
function Ur(){let e={};for(let[t,n]of Object.entries(Hr))e[t]=e=>{try{return n(e??{})??null}catch(e){return{error:`${t}: ${e instanceof Error?e.message:``}`.slice(0,200).toWellFormed()}}};return e}var Wr=globalThis;Wr.__qn===void 0&&globalThis.top===globalThis.self&&(Wr.__qn=Ur(),er(),Ar())})();