(function(){function e(e,t){return e?.getAttribute(t)??``}
function t(e,t){return e?.querySelector(t)??null}
function n(e,t){return[...e.querySelectorAll(t)]}
function r(e,t){return e.closest(t)}
function i(e,t){return e?.contains(t??null)===!0}
function a(e){return e?.textContent??``}
function o(e){return e.tagName.toUpperCase()}
function s(e){return e.getBoundingClientRect()}
function c(e,t){return e==null?void 0:t(e)}var l=`button, [role=button]`,u=globalThis.__qnBeside,d=u.words,f,p;
function m(e){f=[...e,...u.builtIn.filter(t=>e.every(e=>e.generation!==t.generation))],p=new Map(e.flatMap(e=>Object.entries(e.icons??{})))}m(u.given);
function h(e){return p.get(e)??e}var g=new Map(Object.entries(u.icons).map(([e,t])=>[e,new Set(t)]));
function _(e){return[...g.values()].some(t=>t.has(e))}
function v(e){return g.get(e)??new Set}
function y(e,t){return t.some(t=>e.includes(t))}
function b(e){let t=x.get(e);return t||(t=n(e,`[data-icon], svg > title, svg[data-testid], span[data-testid], div[data-testid]`).map(e=>({element:o(e)===`TITLE`?e.parentElement??e:e,names:C(e)})).filter(({names:e})=>e.length>0),x.set(e,t)),t}var x=new WeakMap;
function S(){x=new WeakMap}
function C(t){return(o(t)===`TITLE`?[a(t).trim()]:[e(t,`data-icon`),e(t,`data-testid`)]).filter(e=>e!==``&&e.length<=80).map(h)}
function w(e,t,n=()=>!0){let r=v(t);return b(e).find(e=>e.names.some(e=>r.has(e))&&n(e.element))}
function T(e,t,n){return w(e,t,n)!==void 0}
function ee(e,t){let n=v(t);return e.names.filter(e=>n.has(e)).join(` `)}
function te(e){let n=o(e)===`SVG`?e:t(e,`svg`),r=t(n,`path`),i=new Set;for(let t of[e,n,r]){if(!t)continue;let e=getComputedStyle(t);e.color&&i.add(e.color),t===r&&e.fill&&i.add(e.fill)}return[...i].slice(0,6).map(e=>e.slice(0,80))}var ne=Document.prototype.querySelector,re=Document.prototype.querySelectorAll;
function E(e,t){for(let t=Document.prototype;t!==null;t=Object.getPrototypeOf(t)){let n=Object.getOwnPropertyDescriptor(t,e)?.get;if(n!==void 0)return n.call(document)}return t}
function D(e){try{return ne.call(document,e)}catch{return null}}
function O(e){try{return[...re.call(document,e)]}catch{return[]}}
function ie(){return E(`documentElement`,null)}
function ae(){return E(`body`,null)}
function k(){return E(`activeElement`,null)}
function A(){return E(`visibilityState`,`hidden`)===`visible`}
function oe(){return ie()?.getAttribute(`lang`)?.slice(0,40)||void 0}
function se(){return ie()?.getAttribute(`dir`)===`rtl`}
function ce(e){return{generation:e,rows_seen:0,rows_read:0,anchors:{},empty:{},tallies:{},alarm:!1}}
function le(e,t){e.rows_seen+=t.rows_seen,e.rows_read+=t.rows_read,e.alarm||=t.alarm;for(let n in t.anchors)e.anchors[n]??=t.anchors[n];for(let n in t.empty)e.empty[n]=(e.empty[n]??0)+(t.empty[n]??0);for(let n in t.tallies){let[r,i]=t.tallies[n],a=e.tallies[n]??[0,0];e.tallies[n]=[a[0]+r,a[1]+i]}return e}
function ue(){for(let e of f)if(e.detect.some(e=>D(e)!==null))return e.generation;return`unknown`}var j=class{memory;report;order;cache=new Map;constructor(e){this.memory=e;let t=ue();S(),e&&e.generation!==t&&e.forget(),e&&(e.generation=t),this.order=[...f].sort((e,n)=>Number(n.generation===t)-Number(e.generation===t)),this.report=ce(t)}once(e,t,n){if(!this.memory)return n();let r=this.report,i=this.memory.of(e,t,()=>{this.report=ce(r.generation);try{return{value:n(),report:this.report}}finally{this.report=r}});return le(r,i.report),i.value}anchors(e){let t=this.cache.get(e);return t||(t=this.order.flatMap((t,n)=>(t.fields[e]??[]).map(e=>[e,n===0])),this.cache.set(e,t)),t}hit(e,t){this.report.anchors[e]??=t}one(e,t,n){return this.look(e,t,n,!1)}must(e,t,n){return this.look(e,t,n,!0)}expects(e){return this.anchors(e).some(([,e])=>e)}look(e,t,n=()=>!0,r){if(t===null)return null;let i=new Set;for(let[[a,o],s]of this.anchors(e)){let c=de(o,t).find(n);if(!c)s&&i.add(a);else return this.hit(e,a),s&&i.delete(a),r?this.tally(e,!0,s?[a]:[],i):s&&this.tally(`${e}:${a}`,!0),c}return r&&this.tally(e,!1,[],i),null}tally(e,t,n=[],r=[]){this.report.tallies[e]??=[0,0],this.report.tallies[e][+!t]+=1;for(let t of n)this.tally(`${e}:${t}`,!0);for(let t of r)this.tally(`${e}:${t}`,!1)}all(e,t,n=()=>!0){if(t===null)return[];for(let[[r,i]]of this.anchors(e)){let a=de(i,t).filter(n);if(a.length>0)return this.hit(e,r),a}return[]}has(e,t){return this.one(e,t)!==null}attribute(t,n){for(let[[r,i,a]]of this.anchors(t)){let o=a&&de(i,n).find(e=>e.hasAttribute(a));if(o)return this.hit(t,r),e(o,a)}}missing(e){this.report.empty[e]=(this.report.empty[e]??0)+1,this.report.anchors[e]??=`none`}found(e,t){this.hit(e,t)}};
function de(e,t){try{return t?n(t,e):O(e)}catch{return[]}}var fe=/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,pe=3900,me=69e3;
function M(e){return ge(e,pe)}
function he(e){let t=ge(e,me);return{text:t,cut:t.length<e.length}}
function ge(e,t){return e.slice(0,t).toWellFormed()}
function N(e){return e.replace(fe,``).normalize(`NFC`).replace(/\s+/g,` `).trim()}
function P(e){return N(e).toLowerCase()}var _e="${appText}",ve=new Set([`P`,`DIV`,`LI`,`UL`,`OL`,`BLOCKQUOTE`,`PRE`]),ye=new Set([`SVG`,`STYLE`,`SCRIPT`,`CANVAS`,`NOSCRIPT`,`TEMPLATE`,`VIDEO`,`AUDIO`]);
function F(e){let t=[];return be(e,t,0),t.join(``)}
function be(e,t,n){if(n>60)return;let r=!1;for(let i of e.childNodes){let e=[];i.nodeType===Node.TEXT_NODE?e.push(i.nodeValue??``):i.nodeType===Node.ELEMENT_NODE&&xe(i,e,n+1);let a=e.join(``);if(a===``)continue;let o=ve.has(i.tagName?.toUpperCase());(o||r)&&t.length>0&&!Ce(t)&&!a.startsWith(`
`)&&t.push(`
`),t.push(a),r=o}}
function xe(t,n,r){let i=o(t),a=e(t,`role`);if(i===`BR`){n.push(`
`);return}if(i===`IMG`){n.push(t.getAttribute(`data-plain-text`)??e(t,`alt`));return}if(ye.has(i)||e(t,`aria-hidden`)===`true`||a===`gridcell`||i===`BUTTON`&&!t.hasAttribute(`data-plain-text`)||a===`button`&&Se(t))return;let s=t.getAttribute(`data-app-text-template`),c=[];be(t,c,r);let l=c.join(``),u=e(t,`data-pre-plain-text`);u.startsWith(`[`)||n.push(u),n.push(s?.includes(_e)?s.replace(_e,()=>l):l)}
function Se(e){return d.read_more.includes(P(a(e).slice(0,60)).replace(/^[.…\s]+|[.…]+$/g,``))}
function Ce(e){return e.findLast(e=>e!==``)?.endsWith(`
`)??!0}
function we(e){let t=[...e.children].filter(e=>ve.has(o(e)));return t.length===0?Te(e):t.map(Te).join(`
`)}
function Te(e){let t=[];return be(e,t,0),[...e.childNodes].findLast(({nodeType:e,nodeValue:t})=>e===Node.ELEMENT_NODE||e===Node.TEXT_NODE&&t!==``)?.nodeName.toUpperCase()===`BR`&&t.pop(),t.join(``)}
function I(e){return N(F(e))}var Ee=/\d{1,2}[:.]\d{2}/;
function L(e,t){let n=[];for(let i of[e,...e.querySelectorAll(`*`)]){if(n.length>=60)break;let e=``;for(let t of i.childNodes)t.nodeType===Node.TEXT_NODE&&(e+=t.nodeValue);let a=e.length<400?N(e):``;a!==``&&!r(i,`svg, style, script, [aria-hidden=true]`)&&t(i)&&n.push({element:i,text:a})}return n}
function R(e){let t=c(e,s);return t?{present:!0,x:t.left+t.width/2,y:t.top+t.height/2}:{present:!1,x:0,y:0}}
function De(e){let t=JSON.stringify(e);return t.length*3<9e5?t.length:new TextEncoder().encode(t).length}var Oe=1400;
function z(e){return e.one(`list.pane`)}
function ke(e,t){let n=e.one(`list.grid`,t)??t,r=Me(e.all(`list.row`,n));e.report.rows_seen+=r.length;let i=[],a=0;for(let t of r){let n=e.once(`title`,t,()=>e.must(`list.title`,t,je));n?i.push({element:t,title:n,y:Ne(t),height:Pe(t),position:0}):a+=1}i.sort((e,t)=>e.y-t.y),e.report.rows_seen-=i.length>0?a:0;let o=i[0],s=Ae(i),c=o&&o.height>0&&o.y>=s?Math.round(o.y/s):0;return i.forEach((e,t)=>{e.position=c+t}),i}
function Ae(e){let t=e.map(e=>e.height).filter(e=>e>0).sort((e,t)=>e-t);return t[Math.floor(t.length/2)]??76}
function je(t){return N(e(t,`title`))!==``&&r(t,`[data-testid=cell-frame-secondary]`)===null}
function Me(e){let t=new Set(e);return e.filter(e=>{let n=e.parentElement;for(;n&&!t.has(n);)n=n.parentElement;return!n})}
function Ne(t){for(let n=t,r=0;n&&r<3;n=n.parentElement,r++){let r=/translate(?:Y\(|3d\([^,]+,|\([^,]+,)\s*(-?[\d.]+)px/.exec(n.style?.transform??``);if(r)return Number(r[1]);if(n!==t&&e(n,`role`)===`grid`)break}return s(t).top}
function Pe(e){let t=Number.parseFloat(e.style?.height??``);return Number.isFinite(t)&&t>0?t:s(e).height}var Fe=2e3;
function Ie(e){return e.one(`list.archive`)}var Le=Array.from(crypto.getRandomValues(new Uint32Array(2)),e=>e.toString(36)).join(``),Re=0;
function B(e=new j,t=z(e),n){let r=ze(e,t,n);return De(r)<=9e5?r:{...r,rows:r.rows.map(e=>({...e,preview:e.preview?.slice(0,80).toWellFormed()}))}}
function ze(e,t,n){Re+=1;let r={v:1,kind:`list`,document:Le,look:Re,visible:A(),present:!1,searching:!1,lang:oe(),complete:!1,rows:[]};if(!t)return n===void 0&&e.has(`screen.main`)?(e.must(`list.pane`),{...r,health:e.report}):r;n===void 0&&e.must(`list.pane`);let i=t.matches(`[role=grid]`)?t:e.must(`list.grid`,t),o=ke(e,t),s=n?.from??0,c=o.slice(s,s+(n?.count??3e3)).map(t=>({...e.once(`chat`,t.element,()=>He(e,t)),y:t.y,height:t.height,position:t.position}));o.length===0&&N(a(t))!==``&&e.must(`list.row`,i??t),o[0]&&(e.must(`list.row`,i??t),e.must(`list.cell`,o[0].element)),e.report.rows_read+=c.length,e.report.rows_seen>0&&c.length===0&&(e.report.alarm=!0);let l=Be(i),u=t.scrollHeight<=t.clientHeight+1;return{...r,present:i!==null||c.length>0,searching:Ve(e),total:l,complete:l===void 0?u:c.length===l,rows:c,health:e.report}}
function Be(e){let t=Number(e?.getAttribute(`aria-rowcount`)??NaN);return Number.isInteger(t)&&t>=0&&t<1e6?t:void 0}
function Ve(e){let t=e.must(`list.search`);return t?o(t)===`INPUT`?t.value.trim()!==``:N(a(t))!==``:!1}
function He(t,n){let o=n.element,s=t.one(`list.preview`,o,e=>e!==n.title),l=s?.closest(`[data-testid=cell-frame-secondary]`)??t.one(`list.secondary`,o),u=w(o,`ack`),f=w(o,`media`,e=>!i(n.title,e)),p=P(c(l,I)??``),m=!s&&!t.has(`list.status`,o),h=m&&d.draft.some(e=>p.startsWith(e)&&/^\]?[:：]/.test(p.slice(e.length))),g=m&&!h&&Ke(p),_=!s&&!h&&!g&&l?F(l).trim():``,v=s?.getAttribute(`title`)??(_||void 0),y=Je(t,o);return We(t,l,n.title),v===void 0&&t.missing(`list.preview`),s||t.must(`list.secondary`,o),{title:M(e(n.title,`title`)),time:M(qe(t,o)),preview:v?.slice(0,Fe).toWellFormed(),author:Ye(s??t.one(`list.status`,o),v??``),ack_icon:u&&ee(u,`ack`),ack_colours:u?te(u.element):[],media_icon:f&&ee(f,`media`),unread_label:c(y,t=>M(e(t,`aria-label`)||a(t))),unread_badge:y!==null,pinned:T(o,`pinned`),muted:t.has(`list.muted`,o)||T(o,`muted`),archived:r(o,`[data-testid=drawer-left]`)!==null||Ge(o,n.title,p),typing:g,draft:h,avatar:Xe(o),yourself:t.has(`list.yourself`,o),selected:Ue(o)}}
function Ue(e){return e.matches(`[aria-selected=true]`)||t(e,`[aria-selected=true]`)!==null}
function We(e,t,n){if(t)for(let{element:r,names:a}of b(t))r.matches(`svg, [data-icon]`)&&!i(n,r)&&e.tally(`list.icon`,a.some(_))}
function Ge(e,t,n){return d.archived.includes(n)||!y(P(a(e)),d.archived)?!1:L(e,e=>!i(t,e)&&!r(e,`[title]`)).some(e=>d.archived.includes(P(e.text)))}
function Ke(e){let t=/^(.{1,80})(\.\.\.|…)$/.exec(e)?.[1];return t===void 0?!1:!d.languages.includes(oe()?.split(`-`)[0]??``)||d.typing.some(e=>t.endsWith(e))}
function qe(e,n){let r=e.must(`list.time`,n,e=>t(e,`[title]`)===null);return r||e.missing(`list.time`),c(r,I)??``}
function Je(n,o){let s=n.one(`list.muted`,o),c=n.one(`list.unread`,o,n=>!(s&&i(n,s))&&!i(s,n)&&/^[\d+.,\s]*$/.test(a(n))&&!/mention|mute|pin/.test(e(n,`data-testid`))&&t(n,`svg, [data-icon]`)===null&&!n.matches(`[data-icon]`));return c?c.hasAttribute(`aria-label`)?c:t(c,`[aria-label]`)??r(c,`[aria-label]`)??c:null}
function Ye(e,t){if(!e)return;let n=F(e),r=n.indexOf(`:\xA0`);if(r<=0||r>80)return;let i=N(n.slice(0,r)),a=N(t);return i!==``&&!a.startsWith(`${i}:`)?M(i):void 0}
function Xe(e){return[`group`,`contact`].find(t=>T(e,t))}var Ze=/^data:image\/(jpeg|png|webp);base64,/,Qe=120,$e=38e4,et=30,tt=[`image`,`sticker`,`album`],nt=[`video`,`gif`,`document`];
function rt({reading:e,bubble:t,free:n},r){if(r===`album`){e.must(`media.tile`,t,n);let r=e.all(`media.tile`,t,n);return r.filter(e=>!r.some(t=>t!==e&&i(t,e))).slice(0,et)}return[e.one(`kind.${r}`,t,n)??t]}
function it({free:e},t,n){let r=e=>[...n.querySelectorAll(e),...n.matches(e)?[n]:[]],i=(t,n)=>r(t).filter(t=>e(t)&&!t.hasAttribute(`data-plain-text`)).map(e=>e.getAttribute(n)??``).find(e=>e.startsWith(`blob:`)),a=i(`img[src^='blob:']`,`src`),o=i(`video[src^='blob:'], audio[src^='blob:'], source[src^='blob:']`,`src`);return{whole:tt.includes(t)?a??(t===`album`?o:void 0):o??i(`a[href^='blob:']`,`href`),preview:(nt.includes(t)?a:void 0)??(tt.includes(t)||nt.includes(t)?at(r,e):void 0)}}
function at(t,n){let r=t(`[style*='data:image']`).filter(n).map(e=>e.style.backgroundImage.replace(/^url\(["']?|["']?\)$/g,``)),i=t(`img[src^='data:image']`).filter(e=>n(e)&&!e.hasAttribute(`data-plain-text`)).map(t=>e(t,`src`));return[...r,...i].filter(e=>Ze.test(e)&&e.length>=Qe&&e.length<=$e).sort((e,t)=>t.length-e.length)[0]}
function ot(e,t){return rt(e,t).map(n=>{let{whole:r,preview:i}=it(e,t,n);return r===void 0?i===void 0?`nothing`:`preview`:`whole`})}
function st(e,t,n){let r=rt(e,t)[n];return r===void 0?{}:it(e,t,r)}var ct=[`poll`,`location`,`contact`,`album`,`sticker`,`gif`,`voice`,`video`,`audio`,`document`,`image`,`call`],lt=/^\d{1,3}:\d{2}(:\d{2})?$/,ut=/^\d[\d.,]*\s?([kmg]i?b|bytes|b)$/i,V=/^.{1,300}\.[a-z0-9]{1,5}$/i,dt=[`poll`,`location`,`contact`,`album`,`sticker`,`image`];
function ft(e,t,n){let{reading:r,bubble:i,free:a}=e,o=pt(e,t,n);return dt.includes(o)&&r.expects(`kind.${o}`)&&r.must(`kind.${o}`,i,a),o}
function pt(r,i,a){let{reading:o,bubble:s,row:c,free:l,pre:u}=r;if(T(c,`recalled`,l))return`deleted`;let f=n(s,`[aria-label]`).filter(l).map(t=>P(e(t,`aria-label`)));for(let e of ct){if(o.one(`kind.${e}`,s,l))return e;let t=d.kinds[e],n=T(s,e,l)?`icon`:t?.some(t=>f.includes(t)||e===`voice`&&y(f.join(`
`),[t]))?`label`:void 0;if(n)return o.found(`kind.${e}`,n),e}if(mt(r,i,a))return`document`;if(!u){let e=P([i,...a.map(e=>e.text)].join(` `).slice(0,1e3));if(y(e,d.undecrypted))return`undecrypted`;if(y(e,d.view_once))return`view_once`;if(y(e,d.deleted))return`deleted`;if(i===``&&y(e,d.call))return`call`}let p=t(r.body,`a[href]`);return i===``&&o.one(`loose.location`,s,l)?`location`:!p&&o.one(`loose.image`,s,l)?`image`:`none`}
function mt({bubble:t,free:r},i,a){let o=n(t,`[title]`).filter(r);return o.length===0?!1:a.some(e=>e.text.split(/\s[•·]\s|,\s/).some(e=>ut.test(e)))||i===``&&o.some(t=>V.test(e(t,`title`)))}var ht=[`album`,`sticker`,`gif`,`voice`,`video`,`audio`,`document`,`image`];
function gt(e,t,n){let{clock:r,media:i}=_t(e,t,n);if(!ht.includes(t))return{clock:r,media:i};let a=n.filter(e=>e!==r).flatMap(e=>e.text.split(/\s[•·]\s|,\s/)).find(e=>ut.test(e.trim()));return{clock:r,media:{...i,size:a&&M(a),files:ot(e,t)}}}
function _t(t,a,o){let{bubble:s,meta:c,free:l}=t,u=o.filter(({element:e,text:t})=>Ee.test(t)&&t.length<30&&(!c||i(c,e))),d=[`voice`,`video`,`gif`,`audio`].includes(a),f=o.filter(({text:e})=>lt.test(e)),p=d&&!c&&u.length===1&&f.length===1,m=p?void 0:u.at(-1),h=f.find(e=>e!==m&&(p||e.text!==m?.text)),g=n(s,`[title]`).filter(l).map(t=>e(t,`title`));if(a===`document`){let e=g.find(e=>V.test(e))??g.find(e=>e!==``)??vt(o);return{clock:m,media:e?{name:M(e)}:void 0}}if(a===`contact`){let e=o.find(e=>e!==m&&!r(e.element,`button`));return{clock:m,media:e&&{name:M(I(e.element))}}}let _=a===`audio`?g.find(e=>V.test(e)):void 0;return{clock:m,media:d&&(h??_)!==void 0?{name:_&&M(_),duration:h?.text}:void 0}}
function vt(e){return e.find(({text:e})=>V.test(e)&&!Ee.test(e))?.text}var yt=`[data-testid=msg-meta], [data-testid=author], [data-testid=reaction-bubble], [data-testid=vcard-msg], [data-testid^=poll-option]`,bt=`[data-pre-plain-text]`;
function H(n,r){let i=r.matches(`[data-virtualized]`)?r:t(r,`[data-virtualized]`);return N(a(r))!==``||t(r,`img, canvas, svg`)?!0:e(i,`data-virtualized`)===`true`?!1:U(n,r)!==null||n.has(`row.notice`,r)}
function xt(e){let t=r(e,`[role=row]`);return t&&n(t,`[data-id]`).every(t=>i(e,t))?t:e}
function U(e,t){return e.one(`row.bubble`,t)??r(t,`.message-in, .message-out`)}
function St(e,t){let n=U(e,t)??t,r=Dt(e,n),a=e=>!i(r,e),o=Ot(t,a),s=kt(e,n,o,a),c=e=>a(e)&&!i(s,e);return{reading:e,row:t,bubble:n,pre:o,body:s,meta:e.one(`row.meta`,n,c),free:c,outside:a}}
function Ct(e){let{reading:t,bubble:n,free:r}=e,a=t.one(`row.author`,n,r),o=L(n,e=>r(e)&&!i(a,e)),s=o.filter(e=>!d.forwarded.includes(P(e.text)));return{all:o,drawn:s,author:a,kind:ft(e,c(e.body,F)??jt(e),s)}}
function wt(e,t,n){let r=St(e,t);return st(r,Ct(r).kind,n)}
function Tt(t,n,a){let{reading:o,row:s,bubble:l,pre:u,free:d,outside:f}=t,p=xt(s),m=Dt(o,l),{all:h,drawn:g,author:_,kind:v}=Ct(t),y=he(c(t.body??(v===`none`&&u?At(o,u,f):null),F)??(v===`none`?jt(t):``)),b=v===`poll`&&y.text===``?Mt(g):y.text,x=gt(t,v,g),S=Nt(t,x.clock),C=w(t.meta??l,`ack`,d),ne=Rt(p,f),re=zt(p,d);Et(t,v,x.clock,ne,re),!u&&v===`none`&&o.missing(`row.pre`),b===``&&v===`none`&&o.missing(`row.text`);let E=C&&r(C.element,`[aria-label]`);return{row:`message`,id:n,drawn:!0,text:[`deleted`,`undecrypted`,`view_once`,`call`].includes(v)?``:b,cut:y.cut||Vt(t)!==void 0||void 0,kind:v,class:Lt(s),tail:ne,status:C&&!0,author_label:re,author:c(_,e=>M(I(e)))||void 0,pre:c(u,t=>M(e(t,`data-pre-plain-text`))),side:Bt(l,u,a),clock:x.clock?.text,ack_label:E&&i(p,E)?M(e(E,`aria-label`)):void 0,ack_icon:C&&ee(C,`ack`),ack_colours:C&&te(C.element),failed:T(p,`failed`,d)||o.has(`row.refused`,p)||void 0,quoted:c(m,e=>Ht(o,e)),meta:c(S,e=>Pt(e,d,x.clock)),meta_labels:c(S,It),starred:Ft(S,`starred`),pinned:Ft(S,`pinned`),forwarded:o.one(`row.forwarded`,l,d)!==null||T(l,`forwarded`,d)||h.length>g.length||void 0,reactions:Ut(o,p,d),media:x.media}}
function Et({reading:e,row:t,bubble:n,pre:i,body:a,free:o,outside:s},c,l,u,d){let f=c===`none`&&(i||a);i&&(e.must(`row.bubble`,r(t,`.message-in, .message-out`)?.parentElement??t),e.tally(`row.tail`,u!==void 0),e.tally(`row.label`,d!==void 0)),l&&i&&e.expects(`row.meta`)&&e.must(`row.meta`,n,o),f&&e.tally(`row.pre`,i!==null),f&&i&&jt({bubble:n,outside:s})===``&&e.must(`row.body`,n,s)}
function Dt(t,r){return t.one(`row.quoted`,r)??n(r,`[aria-label]`).find(t=>d.quoted.includes(P(e(t,`aria-label`))))??t.one(`row.quoted_loose`,r)}
function Ot(t,i){return[r(t,bt),...n(t,bt)].find(t=>t&&/^\s*\[/.test(e(t,`data-pre-plain-text`))&&i(t))??null}
function kt(e,t,n,a){let o=e.one(`row.preview_card`,t),s=e=>a(e)&&e!==n&&!e.hasAttribute(`data-pre-plain-text`)&&!e.hasAttribute(`title`)&&!i(o,e)&&!r(e,yt);return e.one(`row.body`,n,s)??e.one(`row.body`,t,s)}
function At(t,n,i){return t.one(`row.body_loose`,n,t=>i(t)&&!t.hasAttribute(`title`)&&!r(t,yt)&&!e(n,`data-pre-plain-text`).trimEnd().endsWith(`] ${t.textContent}:`)&&!Ee.test(N(a(t)).slice(0,20)))}
function jt({bubble:t,outside:i}){return n(t,`img[data-plain-text], img.emoji[alt]`).filter(e=>i(e)&&!r(e,`[data-testid=reaction-bubble], button`)).map(t=>t.getAttribute(`data-plain-text`)??e(t,`alt`)).join(``)}
function Mt(e){let t=e.find(({element:e})=>!r(e,`[data-testid^=poll-option], button`));return t?F(t.element):``}
function Nt({bubble:e,body:t,meta:n},r){if(n||!r)return n;let a=r.element.parentElement;return a?.childElementCount===1&&a!==e&&(a=a.parentElement),!a||a===e||t&&i(a,t)?r.element:a}
function Pt(e,t,n){return L(e,t).map(e=>e.text).filter(e=>e!==n?.text).slice(0,8)}
function Ft(e,t){return e&&T(e,t)||void 0}
function It(t){let r=n(t,`[aria-label]`).map(t=>e(t,`aria-label`));return r.length===0?void 0:r.slice(0,8).map(M)}
function Lt(e){return c(r(e,`.message-in, .message-out`)??t(e,`.message-in, .message-out`),({classList:e})=>e.contains(`message-out`)?`out`:`in`)}
function Rt(e,t){return[`out`,`in`].find(n=>T(e,`tail_${n}`,t))}
function zt(t,r){return c(n(t,`span[aria-label]`).find(t=>/[:：]\s*$/.test(e(t,`aria-label`))&&r(t)),t=>M(e(t,`aria-label`).trim()))}
function Bt(e,t,n){if(!(n.width<=0))for(let r of[e,t,e.firstElementChild]){if(!r||getComputedStyle(r).display===`inline`)continue;let e=s(r);if(e.width<=0||e.width>n.width*.9)continue;let t=(e.left+e.width/2-(n.left+n.width/2))/n.width;if(!(Math.abs(t)<.03))return t>0===se()?`start`:`end`}}
function Vt({bubble:e,outside:t}){return n(e,l).find(e=>t(e)&&Se(e))}
function Ht(e,n){let r=n.matches(`.quoted-mention`)?n:t(n,`.quoted-mention`),a=e=>t=>!e||!(i(e,t)||i(t,e)),o=e.one(`row.author`,n,a(r))??e.one(`quoted.author`,n,a(r)),s=a(o),l=r??e.one(`row.body`,n,s);return{sender:M(c(o,I)??``)||void 0,text:he(c(l,F)??L(n,s).map(e=>e.text).join(` `)).text}}
function Ut(t,n,i){let a=t.all(`row.reactions`,n,e=>i(e)&&!r(e,`[data-testid=msg-container]`)).map(t=>M(e(t,`aria-label`))).filter(e=>e!==``);return a.length===0?void 0:a.slice(0,20)}
function Wt(e){let t=e.attribute(`screen.link_code`)?.replaceAll(`,`,``);return t&&/^\w{8}$/.test(t)?t:void 0}
function Gt(){let e=new j,t=e.one(`login.field`),n=e.one(`login.next`),i=O(`button, [role=button]`).findLast(e=>y(P(a(e)),d.phone_login))??e.one(`login.offer`),o=`none`;return e.has(`screen.main`)||(Wt(e)?o=`code`:t&&e.has(`screen.phone_login`)?o=`form`:i&&(o=`offer`)),{stage:o,offer:R(i),field:R(t),value:t instanceof HTMLInputElement?t.value.slice(0,100).toWellFormed():``,focused:t!==null&&k()===t,next:R(n&&(r(n,`button, [role=button]`)??n)),refused:e.has(`login.refused`)}}
function Kt(){let e=new j,t=qt(e),n=t===`main`;return{v:1,kind:`state`,visible:A(),generation:ue(),lang:oe(),screen:t,qr:t===`qr`?en(e):void 0,link_code:t===`phone_login`?Wt(e):void 0,sync_percent:t===`syncing`||n?an(e,n):void 0,own_title:n?sn(e):void 0,offline:n&&cn(e),dialog:n||t===`unknown`?dn(e):void 0}}
function qt(e){let t=ae();if(!t)return`blank`;let n=Yt(e);if(n)return n;if(e.has(`screen.loading`))return an(e,!1)===void 0?`startup`:`syncing`;if(e.has(`screen.main`))return`main`;if(e.has(`screen.phone_login`))return`phone_login`;let r=Qt(e);return r?$t(e,r):Jt(t)}
function Jt(e){let n=D(`#app`);if(D(`#wa_web_initial_startup`))return`startup`;let r=P(a(e).slice(0,2e4));if(/google chrome \d+\+/.test(r)||!n&&y(r,d.unsupported))return`unsupported`;let i=[[`phone_login`,d.phone_code],[`qr_wait`,d.login],[`blocked`,d.blocked],[`passkey`,d.passkey],[`offline`,d.offline],[`logged_out`,d.logged_out]];for(let[e,t]of i)if(y(r,t))return e;return!n||n.childElementCount===0||r===``?`blank`:t(n,`progress, [role=progressbar]`)?`startup`:`unknown`}
function Yt(e){if(Zt(e).some(Xt))return`another_session`;let t=e.one(`dialog.confirm`);return!t||e.has(`screen.main`)||e.has(`screen.qr_value`)?null:e.has(`dialog.ok`,t)&&e.has(`dialog.cancel`,t)?`conflict`:null}
function Xt(e){return y(P(a(e)),d.dialogs.use_here??[])}
function Zt(e){let t=[...new Set([...e.all(`dialog`),...e.all(`dialog.confirm`)])];return t.filter(e=>!t.some(t=>t!==e&&i(t,e)))}
function Qt(e){return e.one(`screen.qr`)??e.one(`screen.qr_value`)}function $t(e,t){return nn(t)||tn(t)?`qr_idle`:en(e)?`qr`:`qr_wait`}
function en(e){let t=e.attribute(`screen.qr_value`);return t&&t.length<=2e3&&/^(2@|https:\/\/wa\.me\/)/.test(t)?t.toWellFormed():void 0}
function tn(e){let n=o(e)===`CANVAS`?e:t(e,`canvas`);for(let t=n;t;t=t.parentElement){let n=getComputedStyle(t).opacity;if(n!==``&&Number(n)<.3)return!0;if(t===e)break}return!1}
function nn(e){let n=e.matches(`button`)?e:t(e,l);if(n)return n;for(let t=e.parentElement,n=0;t&&n<3;t=t.parentElement,n++){let e=w(t,`refresh`)?.element.closest(l);if(e)return e}return null}
function rn(){let e=new j,t=Qt(e);return R(t&&!e.has(`screen.main`)?nn(t):null)}
function an(e,t){if(!t){let t=e.one(`screen.loading`);return on(a(t&&o(t)===`PROGRESS`?t.parentElement:t))}for(let t of O(`#side [data-testid^=chat-butterbar], #side [data-testid*=sync]`).concat(e.all(`screen.banner`))){let e=on(a(t));if(e!==void 0)return e}}
function on(e){let t=/(\d{1,3})\s?%|%\s?(\d{1,3})/.exec(e.slice(0,5e3)),n=Number(t?.[1]??t?.[2]??NaN);return n>=0&&n<=100?n:void 0}
function sn(n){return M(e(t(n.one(`list.yourself`),`span[title]`),`title`))||void 0}
function cn(e){if(e.has(`screen.offline_banner`))return!0;let t=D(`#side`);return t?ln(e.one(`list.grid`,e.one(`list.pane`)),t).some(e=>T(e,`offline`))?!0:e.all(`screen.banner`).some(e=>y(P(a(e)),d.offline)):!1}
function ln(e,t){if(!e||!i(t,e))return[t];let n=[];for(let r=e;r&&r!==t;r=r.parentElement)n.push(...[...r.parentElement?.children??[]].filter(e=>e!==r));return n}
function un(){return dn(new j)??{present:!1,x:0,y:0}}
function dn(e){let t=Zt(e).at(-1);if(!t)return;let n=P(a(t)).slice(0,500),r=fn(e,t,n),{x:i,y:o}=R(r?pn(e,t):null);return{present:!0,...r?{known:r}:{text:M(n)},x:i,y:o}}
function fn(e,t,n){return e.has(`dialog.continue`,t)?`fresh_look`:Object.entries(d.dialogs).find(([,e])=>y(n,e??[]))?.[0]}
function pn(e,i){let a=e.one(`dialog.continue`,i)??t(i,`[data-testid=popup-controls-ok]`);return a?r(a,`button, [role=button]`)??t(a,`button, [role=button]`)??a:n(i,`button, [role=button]`).at(-1)??null}
function mn(){let e=new j;for(let t of Zt(e))if(Xt(t))return R(n(t,`button, [role=button]`).findLast(Xt)??pn(e,t));return R(null)}
function W(e){return e.one(`main`)}
function hn(e){return e.must(`header`,W(e))}
function gn(e=new j){let n=hn(e);if(!n)return{present:!1,title:``};let r=e.must(`header.title`,n,e=>_n(e)!==``),a=c(r,_n)??``;return a===``&&e.missing(`header.title`),{present:!0,title:a,subtitle:M(c(e.one(`header.subtitle`,n,e=>!i(r,e)),e=>e.getAttribute(`title`)??t(e,`[title]`)?.getAttribute(`title`)??I(e))??``)||void 0}}
function _n(e){return M((e.hasAttribute(`title`)?e:t(e,`span[title][dir=auto]`))?.getAttribute(`title`)||N(F(e)))}
function G(e){let t=W(e);if(!t)return null;let r=n(t,`[data-id]`),a=e=>r.every((t,n)=>n>0&&n<r.length-1||i(e,t));return e.must(`messages.box`,t,a)??vn(e.one(`messages.list`,t,a)??yn(r))}
function vn(e){for(let t=e;t&&t.id!==`main`;t=t.parentElement)if(/auto|scroll/.test(getComputedStyle(t).overflowY))return t;return e}
function yn(e){let t=e.at(-1),n=(e[0]?.closest(`[role=row]`)??e[0])?.parentElement??null;for(;n&&t&&!i(n,t);)n=n.parentElement;return n}
function K(n){let r=[],i=(n,a)=>{for(let o of n.children){let n=e(o,`data-id`);n?r.push({element:o,id:n}):a<30&&t(o,`[data-id]`)?i(o,a+1):r.push({element:o})}};return i(n,0),r}
function q(e=new j,t,n){let r={v:1,kind:`conversation`,visible:A(),open:!1,lang:oe(),title:``,rows:[],at_start:!1,at_end:!1,offline:!1,writable:!1},i=G(e),a=gn(e);if(!a.present||!i)return W(e)?{...r,health:e.report}:r;let o=K(i),s=t===void 0?0:o.findIndex(({id:e})=>e&&Cn(e,t))+1;if(t!==void 0&&s===0)return null;let l=n===void 0?Dn(e,o.slice(s)):o.slice(n.from,n.from+n.count),u=r.visible?wn(e,l,i):[],d=i.scrollHeight-i.scrollTop-i.clientHeight<24;W(e)?.querySelector(`[contenteditable=true]`)&&e.must(`composer`,W(e));let f=Sn(e),p={...r,open:!0,title:a.title,subtitle:a.subtitle,avatar:bn(e),composer_label:c(f,xn),rows:u,at_start:u.some(e=>e.row===`start`),at_end:d,offline:cn(e),writable:f!==null,health:e.report};return n===void 0?Pn(p):{...p,pieces:o.length}}
function bn(e){let t=hn(e);return t===null?void 0:Xe(t)}
function xn(e){return e.getAttribute(`aria-label`)?.slice(0,1e3).toWellFormed()}
function Sn(e){return e.one(`composer`,W(e))}
function J(e){return/^(?:true|false)_[^_]*@[^_]*_([^_]+)/.exec(e)?.[1]??e}
function Cn(e,t){return e===t||J(e)===J(t)}
function wn(e,n,r){let i=s(r),a=[],o=new Set;for(let{element:t,id:r}of n)if(r)o.has(r)||r.length>300||(o.add(r),a.push(e.once(r,t,()=>H(e,t)?On(e,t,r.toWellFormed(),i):Tn(r))));else{let n=e.once(`between`,t,()=>Nn(e,t));n&&a.push(n)}let c=a.filter(e=>e.id&&e.drawn);return e.report.rows_seen+=c.length,e.report.rows_read+=c.filter(En).length,(o.size>0||t(r,`[data-pre-plain-text]`))&&e.tally(`row.id`,o.size>0),c.length>0&&e.report.rows_read===0&&(e.report.alarm=!0),a}
function Tn(e){return{row:`message`,id:e,drawn:!1}}
function En(e){return e.row!==`message`||e.text!==``||e.kind!==`none`||e.clock!==void 0}
function Dn(e,t){if(t.length<=1400)return t;let n=t.findIndex(({id:t,element:n})=>t&&H(e,n)),r=Math.max(0,Math.min(n<0?t.length:n-100,t.length-Oe));return t.slice(r,r+Oe)}
function On(e,t,n,r){if(e.has(`row.notice`,t)&&!U(e,t)&&!kn(e,t))return Mn(e,t,n);let i=St(e,t),a=Tt(i,n,r),o=i.bubble===t&&!i.pre&&!/\bmessage-(in|out)\b/.test(t.className),s=a.kind===`none`&&a.status===void 0,c=o&&(s&&(a.text===``||a.clock===void 0&&a.tail===void 0)||e.has(`row.card`,t)),l=e.has(`row.subtype`,t)&&!i.pre&&s;return c||l?Mn(e,t,n):a}
function kn(e,t){return e.has(`kind.call`,t)||!e.has(`row.subtype`,t)&&y(P(I(t)),d.call)&&!An(t)}
function An(e){return y(P(I(e)),d.encryption)}
function jn(e){return M(I(e)).slice(0,1e3).toWellFormed()}
function Mn(e,t,n){let r=e.attribute(`row.subtype`,t)?.replace(/^subtype-/,``);return{row:An(t)?`start`:`notice`,id:n,drawn:!0,text:jn(t),subtype:c(r,M)}}
function Nn(e,n){let r=I(n);if(r!==``)return n.matches(`[data-testid=msg-notification-container]`)||e.has(`row.notice`,n)||y(r.toLowerCase(),d.encryption)&&r.length>40?Mn(e,n):n.matches(`span[aria-live=polite]`)||e.has(`row.divider`,n)?{row:`divider`,drawn:!0,text:M(r)}:r.length>60||t(n,`button, [role=button], progress`)?{row:`notice`,drawn:!0,text:jn(n)}:{row:`marker`,drawn:!0,text:M(r)}}
function Pn(e){let t=De(e);for(let n=0;t>9e5&&n<e.rows.length-1;n++){let r=e.rows[n];r?.id&&r.drawn&&(t-=De(r)-60,e.rows[n]=Tn(r.id))}return e}var Fn=`input:not([type=radio]), [contenteditable=true]`,In=`${l}, [role=menuitem], [role=checkbox], [role=radio], [type=radio], ${Fn}, [aria-live]`;
function Ln(e,t){return(e===null?[]:K(e)).find(({id:e})=>e!==void 0&&Cn(e,t))?.element}
function Rn({key:e,show:t}){let n=new j,r=G(n),i=Ln(r,e);if(r===null||i===void 0)return{found:!1};let a=s(r);t&&(r.scrollTop+=s(i).top-a.top-Math.max(90,(a.height-s(i).height)/2));let o=H(n,i),c=s(o&&U(n,i)||i),l=Math.max(c.top,a.top),u=Math.min(c.bottom,a.bottom);return{found:!0,drawn:o,seen:u-l>=Math.min(c.height,40)&&c.top>=a.top+20,x:c.left+c.width/2,y:Math.min((l+u)/2,l+60)}}
function zn(e,t){let n=Ln(G(e),t);return n&&(r(n,`[role=row]`)??n)}
function Bn(r){let a=r.matches(Fn),o=[...[r,...n(r,`[data-testid]`)].map(t=>e(t,`data-testid`)),...b(r).flatMap(e=>e.names)].filter(e=>e!==``),s=[`aria-pressed`,`aria-checked`,`aria-expanded`].map(t=>e(r,t)).find(Boolean),{checked:c,value:l}=r;return{...R(r),role:e(r,`role`)||r.localName,label:M(e(r,`aria-label`)||e(t(r,`[title]`),`title`)||I(r)),names:[...new Set(o)].slice(0,12).map(e=>e.slice(0,80)),on:r.matches(`[type=radio]`)?c:s&&s===`true`,off:r.matches(`:disabled, [aria-disabled=true]`),text:a?M(l??we(r)):void 0,focused:a&&i(r,k()),live:r.hasAttribute(`aria-live`)}}
function Vn({field:e,key:t=``}){let r=new j,i=e===`row`?zn(r,t):r.all(e).at(-1),a=i===void 0?[]:n(i,In);return{present:i!==void 0,text:i===void 0||e===`row`?``:M(I(i).slice(0,300)),controls:a.slice(0,120).map(Bn)}}var Hn={messageRow:Rn,controls:Vn};
function Un(e,t){let n=G(e);for(let{id:r,element:i}of n===null?[]:K(n).reverse()){if(r===void 0||!t(J(r))||!H(e,i))continue;let n=Vt(St(e,i));if(n)return{key:J(r),button:n}}return null}
function Wn({skip:e}){let t=Un(new j,t=>!e.includes(t));return t?.button.scrollIntoView({block:`center`,behavior:`instant`}),{...R(t?.button??null),key:t?.key.toWellFormed()??``}}var Gn=5e3,Kn=[`pointerdown`,`mousedown`,`pointerup`,`mouseup`,`click`],Y;
function qn(e){return/^\+[\d\s().\-\u2010-\u2013]+$/.test(N(e))?e.replace(/\D/g,``):``}
function Jn(t,n,{title:r,phone:i}){let a=ke(t,n),o=t=>a.filter(n=>t(e(n.title,`title`))),s=o(e=>N(e)===N(r)),c=i?.replace(/\D/g,``);return s.length>0||!c?s:o(e=>qn(e)===c)}
function Yn(e){let t=new j;if(`more`in e)return Un(t,t=>t===e.more)?.button;if(`row`in e)return zn(t,e.row);let n=z(t),r=n===null?[]:Jn(t,n,e);return r.length===1?r[0]?.element:void 0}
function Xn(e){return Y={at:e,until:performance.now()+Gn,stopped:!1},!0}
function Zn(){let e=Y?.stopped??!0;return Y=void 0,{stopped:e}}
function Qn(e){Y===void 0||performance.now()>Y.until||i(Yn(Y.at),e.target)||(Y.stopped=!0,e.stopImmediatePropagation(),e.preventDefault())}function $n(){for(let e of Kn)globalThis.addEventListener(e,Qn,{capture:!0})}
function er(){let e=new j;return nr(e.one(`attach.button`,W(e)))}
function tr({kind:e}){return nr(new j().one(`attach.${e}`))}
function nr(e){let t=e&&(r(e,`button, [role=button], [role=menuitem]`)??e),n=R(t),a=t&&document.elementFromPoint(n.x,n.y);return a&&(i(t,a)||i(a,t))?n:R(null)}
function rr(){let t=G(new j);for(let a of O(`[contenteditable=true]`)){if(r(a,`footer, #side`)!==null||s(a).height===0)continue;let o=a;for(let e=a.parentElement;e&&e.id!==`main`&&!(t&&i(e,t));e=e.parentElement)o=e;let c=ir(o);if(c===null)continue;let l=/\d+/.exec(I(c)),u=n(o,`[title]`).map(t=>M(e(t,`title`)));return{...R(a),text:we(a).toWellFormed(),focused:i(a,k()),send:nr(c),count:l?Number(l[0]):1,names:u.filter(e=>e!==``).slice(0,20)}}return R(null)}
function ir(e){let t=v(`send`),n=b(e).find(e=>e.names.some(e=>t.has(e))&&r(e.element,`footer`)===null);return n?r(n.element,l):null}var ar=[`style`,`aria-rowcount`],or=`[data-id], [role=row], [role=listitem]`,sr=class{generation=``;known=new WeakMap;forget(){this.known=new WeakMap}of(e,t,n){let r=this.known.get(t);r||(r=new Map,this.known.set(t,r));let i=r.get(e)??n();return r.set(e,i),i}touched(e,i){let a=r(e,`[role=row]`);if(!i||!ar.includes(i)||e!==a&&r(e,or)){for(let t=e;t;t=t.parentElement)this.known.delete(t);if(a)for(let e of n(a,`[data-id]`))this.known.delete(e);else i&&t(e,or)&&this.forget()}}},cr=30,lr={state:30,list:100,conversation:100},ur=5e3,dr=200,X=[`state`,`list`,`conversation`].map(e=>({kind:e,dirty:!0,last:-1e3,hash:``})),Z=new sr,Q={},fr=``,pr,mr=0;
function hr(){let e=globalThis.qnObserve;return typeof e==`function`?e:void 0}
function gr(e){let t=3735928559,n=1103547991;for(let r=0;r<e.length;r++){let i=e.charCodeAt(r);t=Math.imul(t^i,2654435761),n=Math.imul(n^i,1597334677)}return`${e.length}:${(t>>>0).toString(36)}${(n>>>0).toString(36)}`}
function _r(){let e=[Q.list,Q.conversation].filter(e=>e!==void 0);return e.reduce(le,ce(e[0]?.generation??`unknown`))}
function vr(e){if(e===`state`)return Kt();let t=new j(Z);if(e===`list`){let{health:e,...n}=B(t);return Q.list=e,n.present?n:void 0}if(!A())return;let{health:n,...r}=q(t)??{open:!1};return Q.conversation=n,r.open?r:void 0}var yr=1500,br;
function xr(e){return e.screen===`unknown`?(br??=performance.now(),performance.now()-br<yr):(br=void 0,!1)}
function Sr(e,t){let n=vr(e.kind);if(e.kind===`state`&&n!==void 0&&xr(n)){e.dirty=!0;return}if(n===void 0){e.hash=``;return}let r=JSON.stringify(n),i=gr(r.replace(/"look":\d+/,``));i!==e.hash&&(t(r),e.hash=i)}
function Cr(e){let t=JSON.stringify({v:1,kind:`health`,health:_r()}),n=gr(t);n===fr||Q.list===void 0&&Q.conversation===void 0||(e(t),fr=n)}
function wr(){pr=void 0;let e=hr();if(e===void 0){Tr(dr);return}let t=performance.now(),n;for(let r of X){if(!r.dirty)continue;let i=r.last+lr[r.kind]-t;if(i>0)n=Math.min(n??i,i);else{r.dirty=!1,r.last=t;try{Sr(r,e)}catch{r.hash=``}}}try{Cr(e)}catch{fr=``}br!==void 0&&(n=Math.min(n??yr,yr/5)),n!==void 0&&Tr(n)}
function Tr(e){let t=performance.now()+e;pr!==void 0&&mr<=t||(clearTimeout(pr),mr=t,pr=setTimeout(wr,e))}
function Er(...e){for(let t of X)e.includes(t.kind)&&(t.dirty=!0);Tr(cr)}function $(){Z.forget(),Er(`state`,`list`,`conversation`)}
function Dr(e){if(e.length>200){$();return}let t=new Set;for(let{target:n,attributeName:i}of e){let e=n instanceof Element?n:n.parentElement;if(!e){$();return}if(Z.touched(e,i),r(e,`#pane-side`))t.add(`list`);else if(r(e,`#main`))t.add(`conversation`);else for(let{kind:e}of X)t.add(e)}Er(...t)}
function Or(){Q.list=void 0,Q.conversation=void 0;for(let e of X)e.hash=``;$()}
function kr(){new MutationObserver(Dr).observe(document,{subtree:!0,childList:!0,characterData:!0,attributes:!0});let e=()=>Er(`list`,`conversation`);for(let t of[`scroll`,`input`])document.addEventListener(t,e,{capture:!0,passive:!0});document.addEventListener(`transitionend`,({target:t})=>{t instanceof Element&&Z.touched(t),e()}),addEventListener(`resize`,$),document.addEventListener(`visibilitychange`,$),document.addEventListener(`readystatechange`,$),setInterval($,ur),$()}var Ar={found:`none`,x:0,y:0,position:0,clickable:!1,top:0,height:0,inView:!1,selected:!1};
function jr({title:e,phone:t}){let n=new j,r=z(n);if(!r)return Ar;let i=Jn(n,r,{title:e,phone:t}),a=i[0];if(!a)return Ar;let o=n.one(`list.cell`,a.element)??a.element,{x:c,y:l}=R(o),u=s(r),d=s(o).height>0&&l>u.top&&l<u.bottom&&c>u.left&&c<u.right;return{found:i.length===1?`one`:`many`,x:c,y:l,position:a.position,clickable:i.length===1&&d&&Mr(o,a.element,{x:c,y:l})&&Nr(n,r,a.element,a.y),top:a.y,height:a.height,inView:d,selected:Ue(a.element)}}
function Mr(e,t,n){return getComputedStyle(e).pointerEvents!==`none`&&i(t,document.elementFromPoint(n.x,n.y))}
function Nr(e,t,n,r){let i=e.one(`list.grid`,t);if(!i)return!0;let a=s(n).top,o=e=>Math.abs(a-s(e).top-r)<3;return o(n.parentElement??i)||o(i)||!/translate/.test(n.style.transform)}
function Pr(e){let{scrollTop:t,scrollHeight:n,clientHeight:r}=e??{scrollTop:0,scrollHeight:0,clientHeight:0};return{...R(e),scrollTop:t,scrollHeight:n,clientHeight:r}}
function Fr(e,t){return e?.scrollTo({top:t===`end`?e.scrollHeight:Number(t)||0,behavior:`instant`}),Pr(e)}
function Ir(){let t=Sn(new j),n=c(t,we)?.toWellFormed()??``,r=k();return{...R(t),writable:t!==null&&e(t,`aria-disabled`)!==`true`,text:n,empty:n===``,focused:r!==null&&i(t,r),hasDraft:n!==``,label:c(t,xn)}}
function Lr(){let e=new j,t=e.one(`send`,W(e),e=>!T(e,`microphone`));return R(t?.closest(`button, [role=button]`)??t)}
function Rr(){let e=new j,t=G(e);if(!t)return null;let n=K(t).findLast(({id:t,element:n})=>t&&(!H(e,n)||!e.has(`row.notice`,n)));return n?.id?{key:J(n.id).toWellFormed(),direction:zr(n.id,n.element)}:null}
function zr(e,n){return e.startsWith(`true_`)||t(n,`.message-out`)||T(n,`tail_out`)||T(n,`ack`)?`out`:e.startsWith(`false_`)||t(n,`.message-in`)||T(n,`tail_in`)?`in`:`unknown`}
function Br({key:e,place:t}){let n=new j,{title:r}=gn(n),i=(c(G(n),K)??[]).find(({id:t,element:r})=>t&&Cn(t,e)&&H(n,r));return i?{title:r,drawn:!0,...wt(n,i.element,t)}:{title:r,drawn:!1}}var Vr={state:Kt,list:()=>B(),conversation:()=>q(),chats:e=>B(new j,void 0,e),archive:(e,t=new j)=>B(t,Ie(t),e),rows:e=>q(new j,void 0,e),chatRow:jr,takeAim:Xn,aimed:Zn,folded:Wn,listBox:()=>Pr(z(new j)),conversationBox:()=>Pr(G(new j)),scrollListTo:({top:e})=>Fr(z(new j),e),scrollConversationTo:({top:e})=>Fr(G(new j),e),attachButton:er,attachItem:tr,composer:Ir,preview:rr,sendButton:Lr,lastMessage:Rr,...Hn,media:Br,messages:({after:e})=>q(new j,e??void 0)??{error:`after_not_found`},phoneLogin:Gt,qrReload:rn,useHere:mn,dialog:un,header:()=>gn(),visible:A,useProfiles:e=>(m(e),Or(),!0)};
function Hr(){let e={};for(let[t,n]of Object.entries(Vr))e[t]=e=>{try{return n(e??{})??null}catch(e){return{error:`${t}: ${e instanceof Error?e.message:``}`.slice(0,200).toWellFormed()}}};return e}var Ur=globalThis;Ur.__qn===void 0&&globalThis.top===globalThis.self&&(Ur.__qn=Hr(),$n(),kr())})();