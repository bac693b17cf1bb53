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
function A(){return D(`activeElement`,null)}
function j(){return D(`visibilityState`,`hidden`)===`visible`}
function oe(){return ie()?.getAttribute(`lang`)?.slice(0,40)||void 0}
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
function R(e,t){let n=[];for(let i of[e,...e.querySelectorAll(`*`)]){if(n.length>=60)break;let e=``;for(let t of i.childNodes)t.nodeType===Node.TEXT_NODE&&(e+=t.nodeValue);let a=e.length<400?P(e):``;a!==``&&!r(i,`svg, style, script, [aria-hidden=true]`)&&t(i)&&n.push({element:i,text:a})}return n}
function z(e){let t=c(e,s);return t?{present:!0,x:t.left+t.width/2,y:t.top+t.height/2}:{present:!1,x:0,y:0}}
function De(e){let t=JSON.stringify(e);return t.length*3<9e5?t.length:new TextEncoder().encode(t).length}var Oe=1400;
function B(e){return e.one(`list.pane`)}
function ke(e,t){let n=e.one(`list.grid`,t)??t,r=Me(e.all(`list.row`,n));e.report.rows_seen+=r.length;let i=[],a=0;for(let t of r){let n=e.once(`title`,t,()=>e.must(`list.title`,t,je));n?i.push({element:t,title:n,y:Ne(t),height:Pe(t),position:0}):a+=1}i.sort((e,t)=>e.y-t.y),e.report.rows_seen-=i.length>0?a:0;let o=i[0],s=Ae(i),c=o&&o.height>0&&o.y>=s?Math.round(o.y/s):0;return i.forEach((e,t)=>{e.position=c+t}),i}
function Ae(e){let t=e.map(e=>e.height).filter(e=>e>0).sort((e,t)=>e-t);return t[Math.floor(t.length/2)]??76}
function je(t){return P(e(t,`title`))!==``&&r(t,`[data-testid=cell-frame-secondary]`)===null}
function Me(e){let t=new Set(e);return e.filter(e=>{let n=e.parentElement;for(;n&&!t.has(n);)n=n.parentElement;return!n})}
function Ne(t){for(let n=t,r=0;n&&r<3;n=n.parentElement,r++){let r=/translate(?:Y\(|3d\([^,]+,|\([^,]+,)\s*(-?[\d.]+)px/.exec(n.style?.transform??``);if(r)return Number(r[1]);if(n!==t&&e(n,`role`)===`grid`)break}return s(t).top}
function Pe(e){let t=Number.parseFloat(e.style?.height??``);return Number.isFinite(t)&&t>0?t:s(e).height}var Fe=2e3;
function Ie(e){return e.one(`list.archive`)}var Le=Array.from(crypto.getRandomValues(new Uint32Array(2)),e=>e.toString(36)).join(``),Re=0;
function V(e=new M,t=B(e),n){let r=ze(e,t,n);return De(r)<=9e5?r:{...r,rows:r.rows.map(e=>({...e,preview:e.preview?.slice(0,80).toWellFormed()}))}}
function ze(e,t,n){Re+=1;let r={v:1,kind:`list`,document:Le,look:Re,visible:j(),present:!1,searching:!1,lang:oe(),complete:!1,rows:[]};if(!t)return n===void 0&&e.has(`screen.main`)?(e.must(`list.pane`),{...r,health:e.report}):r;n===void 0&&e.must(`list.pane`);let i=t.matches(`[role=grid]`)?t:e.must(`list.grid`,t),o=ke(e,t),s=n?.from??0,c=o.slice(s,s+(n?.count??3e3)).map(t=>({...e.once(`chat`,t.element,()=>He(e,t)),y:t.y,height:t.height,position:t.position}));o.length===0&&P(a(t))!==``&&e.must(`list.row`,i??t),o[0]&&(e.must(`list.row`,i??t),e.must(`list.cell`,o[0].element)),e.report.rows_read+=c.length,e.report.rows_seen>0&&c.length===0&&(e.report.alarm=!0);let l=Be(i),u=t.scrollHeight<=t.clientHeight+1;return{...r,present:i!==null||c.length>0,searching:Ve(e),total:l,complete:l===void 0?u:c.length===l,rows:c,health:e.report}}
function Be(e){let t=Number(e?.getAttribute(`aria-rowcount`)??NaN);return Number.isInteger(t)&&t>=0&&t<1e6?t:void 0}
function Ve(e){let t=e.must(`list.search`);return t?o(t)===`INPUT`?t.value.trim()!==``:P(a(t))!==``:!1}
function He(t,n){let o=n.element,s=t.one(`list.preview`,o,e=>e!==n.title),l=s?.closest(`[data-testid=cell-frame-secondary]`)??t.one(`list.secondary`,o),u=w(o,`ack`),f=w(o,`media`,e=>!i(n.title,e)),p=F(c(l,L)??``),m=!s&&!t.has(`list.status`,o),h=m&&d.draft.some(e=>p.startsWith(e)&&/^\]?[:：]/.test(p.slice(e.length))),g=m&&!h&&Ke(p),_=!s&&!h&&!g&&l?I(l).trim():``,v=s?.getAttribute(`title`)??(_||void 0),y=Je(t,o);return We(t,l,n.title),v===void 0&&t.missing(`list.preview`),s||t.must(`list.secondary`,o),{title:N(e(n.title,`title`)),time:N(qe(t,o)),preview:v?.slice(0,Fe).toWellFormed(),author:Ye(s??t.one(`list.status`,o),v??``),ack_icon:u&&te(u,`ack`),ack_colours:u?ne(u.element):[],media_icon:f&&te(f,`media`),unread_label:c(y,t=>N(e(t,`aria-label`)||a(t))),unread_badge:y!==null,pinned:T(o,`pinned`),muted:t.has(`list.muted`,o)||T(o,`muted`),archived:r(o,`[data-testid=drawer-left]`)!==null||Ge(o,n.title,p),typing:g,draft:h,avatar:Xe(o),yourself:t.has(`list.yourself`,o),selected:Ue(o)}}
function Ue(e){return e.matches(`[aria-selected=true]`)||t(e,`[aria-selected=true]`)!==null}
function We(e,t,n){if(t)for(let{element:r,names:a}of x(t))r.matches(`svg, [data-icon]`)&&!i(n,r)&&e.tally(`list.icon`,a.some(v))}
function Ge(e,t,n){return d.archived.includes(n)||!b(F(a(e)),d.archived)?!1:R(e,e=>!i(t,e)&&!r(e,`[title]`)).some(e=>d.archived.includes(F(e.text)))}
function Ke(e){let t=/^(.{1,80})(\.\.\.|…)$/.exec(e)?.[1];return t===void 0?!1:!d.languages.includes(oe()?.split(`-`)[0]??``)||d.typing.some(e=>t.endsWith(e))}
function qe(e,n){let r=e.must(`list.time`,n,e=>t(e,`[title]`)===null);return r||e.missing(`list.time`),c(r,L)??``}
function Je(n,o){let s=n.one(`list.muted`,o),c=n.one(`list.unread`,o,n=>!(s&&i(n,s))&&!i(s,n)&&/^[\d+.,\s]*$/.test(a(n))&&!/mention|mute|pin/.test(e(n,`data-testid`))&&t(n,`svg, [data-icon]`)===null&&!n.matches(`[data-icon]`));return c?c.hasAttribute(`aria-label`)?c:t(c,`[aria-label]`)??r(c,`[aria-label]`)??c:null}
function Ye(e,t){if(!e)return;let n=I(e),r=n.indexOf(`:\xA0`);if(r<=0||r>80)return;let i=P(n.slice(0,r)),a=P(t);return i!==``&&!a.startsWith(`${i}:`)?N(i):void 0}
function Xe(e){return[`group`,`contact`].find(t=>T(e,t))}var Ze=/^data:image\/(jpeg|png|webp);base64,/,Qe=120,$e=38e4,et=30,tt=[`image`,`sticker`,`album`],nt=[`video`,`gif`,`document`];
function rt({reading:e,bubble:t,free:n},r){if(r===`album`){e.must(`media.tile`,t,n);let r=e.all(`media.tile`,t,n);return r.filter(e=>!r.some(t=>t!==e&&i(t,e))).slice(0,et)}return[e.one(`kind.${r}`,t,n)??t]}
function it({free:e},t,n){let r=e=>[...n.querySelectorAll(e),...n.matches(e)?[n]:[]],i=(t,n)=>r(t).filter(t=>e(t)&&!t.hasAttribute(`data-plain-text`)).map(e=>e.getAttribute(n)??``).find(e=>e.startsWith(`blob:`)),a=i(`img[src^='blob:']`,`src`),o=i(`video[src^='blob:'], audio[src^='blob:'], source[src^='blob:']`,`src`);return{whole:tt.includes(t)?a??(t===`album`?o:void 0):o??i(`a[href^='blob:']`,`href`),preview:(nt.includes(t)?a:void 0)??(tt.includes(t)||nt.includes(t)?at(r,e):void 0)}}
function at(t,n){let r=t(`[style*='data:image']`).filter(n).map(e=>e.style.backgroundImage.replace(/^url\(["']?|["']?\)$/g,``)),i=t(`img[src^='data:image']`).filter(e=>n(e)&&!e.hasAttribute(`data-plain-text`)).map(t=>e(t,`src`));return[...r,...i].filter(e=>Ze.test(e)&&e.length>=Qe&&e.length<=$e).sort((e,t)=>t.length-e.length)[0]}
function ot(e,t){return rt(e,t).map(n=>{let{whole:r,preview:i}=it(e,t,n);return r===void 0?i===void 0?`nothing`:`preview`:`whole`})}
function st(e,t,n){let r=rt(e,t)[n];return r===void 0?{}:it(e,t,r)}var ct=[`poll`,`location`,`contact`,`album`,`sticker`,`gif`,`voice`,`video`,`audio`,`document`,`image`,`call`],lt=/^\d{1,3}:\d{2}(:\d{2})?$/,ut=/^\d[\d.,]*\s?([kmg]i?b|bytes|b)$/i,H=/^.{1,300}\.[a-z0-9]{1,5}$/i,dt=[`poll`,`location`,`contact`,`album`,`sticker`,`image`];
function ft(e,t,n){let{reading:r,bubble:i,free:a}=e,o=pt(e,t,n);return dt.includes(o)&&r.expects(`kind.${o}`)&&r.must(`kind.${o}`,i,a),o}
function pt(r,i,a){let{reading:o,bubble:s,row:c,free:l,pre:u}=r;if(T(c,`recalled`,l))return`deleted`;let f=n(s,`[aria-label]`).filter(l).map(t=>F(e(t,`aria-label`)));for(let e of ct){if(o.one(`kind.${e}`,s,l))return e;let t=d.kinds[e],n=T(s,e,l)?`icon`:t?.some(t=>f.includes(t)||e===`voice`&&b(f.join(`
`),[t]))?`label`:void 0;if(n)return o.found(`kind.${e}`,n),e}if(mt(r,i,a))return`document`;if(!u){let e=F([i,...a.map(e=>e.text)].join(` `).slice(0,1e3));if(b(e,d.undecrypted))return`undecrypted`;if(b(e,d.view_once))return`view_once`;if(b(e,d.deleted))return`deleted`;if(i===``&&b(e,d.call))return`call`}let p=t(r.body,`a[href]`);return i===``&&o.one(`loose.location`,s,l)?`location`:!p&&o.one(`loose.image`,s,l)?`image`:`none`}
function mt({bubble:t,free:r},i,a){let o=n(t,`[title]`).filter(r);return o.length===0?!1:a.some(e=>e.text.split(/\s[•·]\s|,\s/).some(e=>ut.test(e)))||i===``&&o.some(t=>H.test(e(t,`title`)))}var ht=[`album`,`sticker`,`gif`,`voice`,`video`,`audio`,`document`,`image`];
function gt(e,t,n){let{clock:r,media:i}=_t(e,t,n);if(!ht.includes(t))return{clock:r,media:i};let a=n.filter(e=>e!==r).flatMap(e=>e.text.split(/\s[•·]\s|,\s/)).find(e=>ut.test(e.trim()));return{clock:r,media:{...i,size:a&&N(a),files:ot(e,t)}}}
function _t(t,a,o){let{bubble:s,meta:c,free:l}=t,u=o.filter(({element:e,text:t})=>Ee.test(t)&&t.length<30&&(!c||i(c,e))),d=[`voice`,`video`,`gif`,`audio`].includes(a),f=o.filter(({text:e})=>lt.test(e)),p=d&&!c&&u.length===1&&f.length===1,m=p?void 0:u.at(-1),h=f.find(e=>e!==m&&(p||e.text!==m?.text)),g=n(s,`[title]`).filter(l).map(t=>e(t,`title`));if(a===`document`){let e=g.find(e=>H.test(e))??g.find(e=>e!==``)??vt(o);return{clock:m,media:e?{name:N(e)}:void 0}}if(a===`contact`){let e=o.find(e=>e!==m&&!r(e.element,`button`));return{clock:m,media:e&&{name:N(L(e.element))}}}let _=a===`audio`?g.find(e=>H.test(e)):void 0;return{clock:m,media:d&&(h??_)!==void 0?{name:_&&N(_),duration:h?.text}:void 0}}
function vt(e){return e.find(({text:e})=>H.test(e)&&!Ee.test(e))?.text}var yt=`[data-testid=msg-meta], [data-testid=author], [data-testid=reaction-bubble], [data-testid=vcard-msg], [data-testid^=poll-option]`,bt=`[data-pre-plain-text]`;
function U(n,r){let i=r.matches(`[data-virtualized]`)?r:t(r,`[data-virtualized]`);return P(a(r))!==``||t(r,`img, canvas, svg`)?!0:e(i,`data-virtualized`)===`true`?!1:W(n,r)!==null||n.has(`row.notice`,r)}
function xt(e){let t=r(e,`[role=row]`);return t&&n(t,`[data-id]`).every(t=>i(e,t))?t:e}
function W(e,t){return e.one(`row.bubble`,t)??r(t,`.message-in, .message-out`)}
function St(e,t){let n=W(e,t)??t,r=Dt(e,n),a=e=>!i(r,e),o=Ot(t,a),s=kt(e,n,o,a),c=e=>a(e)&&!i(s,e);return{reading:e,row:t,bubble:n,pre:o,body:s,meta:e.one(`row.meta`,n,c),free:c,outside:a}}
function Ct(e){let{reading:t,bubble:n,free:r}=e,a=t.one(`row.author`,n,r),o=R(n,e=>r(e)&&!i(a,e)),s=o.filter(e=>!d.forwarded.includes(F(e.text)));return{all:o,drawn:s,author:a,kind:ft(e,c(e.body,I)??jt(e),s)}}
function wt(e,t,n){let r=St(e,t);return st(r,Ct(r).kind,n)}
function Tt(t,n,a){let{reading:o,row:s,bubble:l,pre:u,free:d,outside:f}=t,p=xt(s),m=Dt(o,l),{all:h,drawn:g,author:_,kind:v}=Ct(t),y=he(c(t.body??(v===`none`&&u?At(o,u,f):null),I)??(v===`none`?jt(t):``)),b=v===`poll`&&y.text===``?Mt(g):y.text,x=gt(t,v,g),S=Nt(t,x.clock),C=w(t.meta??l,`ack`,d),ee=Rt(p,f),re=zt(p,d);Et(t,v,x.clock,ee,re),!u&&v===`none`&&o.missing(`row.pre`),b===``&&v===`none`&&o.missing(`row.text`);let E=C&&r(C.element,`[aria-label]`);return{row:`message`,id:n,drawn:!0,text:[`deleted`,`undecrypted`,`view_once`,`call`].includes(v)?``:b,cut:y.cut||Vt(t)!==void 0||void 0,kind:v,class:Lt(s),tail:ee,status:C&&!0,author_label:re,author:c(_,e=>N(L(e)))||void 0,pre:c(u,t=>N(e(t,`data-pre-plain-text`))),side:Bt(l,u,a),clock:x.clock?.text,ack_label:E&&i(p,E)?N(e(E,`aria-label`)):void 0,ack_icon:C&&te(C,`ack`),ack_colours:C&&ne(C.element),failed:T(p,`failed`,d)||o.has(`row.refused`,p)||void 0,quoted:c(m,e=>Ht(o,e)),meta:c(S,e=>Pt(e,d,x.clock)),meta_labels:c(S,It),starred:Ft(S,`starred`),pinned:Ft(S,`pinned`),forwarded:o.one(`row.forwarded`,l,d)!==null||T(l,`forwarded`,d)||h.length>g.length||void 0,reactions:Ut(o,p,d),media:x.media}}
function Et({reading:e,row:t,bubble:n,pre:i,body:a,free:o,outside:s},c,l,u,d){let f=c===`none`&&(i||a);i&&(e.must(`row.bubble`,r(t,`.message-in, .message-out`)?.parentElement??t),e.tally(`row.tail`,u!==void 0),e.tally(`row.label`,d!==void 0)),l&&i&&e.expects(`row.meta`)&&e.must(`row.meta`,n,o),f&&e.tally(`row.pre`,i!==null),f&&i&&jt({bubble:n,outside:s})===``&&e.must(`row.body`,n,s)}
function Dt(t,r){return t.one(`row.quoted`,r)??n(r,`[aria-label]`).find(t=>d.quoted.includes(F(e(t,`aria-label`))))??t.one(`row.quoted_loose`,r)}
function Ot(t,i){return[r(t,bt),...n(t,bt)].find(t=>t&&/^\s*\[/.test(e(t,`data-pre-plain-text`))&&i(t))??null}
function kt(e,t,n,a){let o=e.one(`row.preview_card`,t),s=e=>a(e)&&e!==n&&!e.hasAttribute(`data-pre-plain-text`)&&!e.hasAttribute(`title`)&&!i(o,e)&&!r(e,yt);return e.one(`row.body`,n,s)??e.one(`row.body`,t,s)}
function At(t,n,i){return t.one(`row.body_loose`,n,t=>i(t)&&!t.hasAttribute(`title`)&&!r(t,yt)&&!e(n,`data-pre-plain-text`).trimEnd().endsWith(`] ${t.textContent}:`)&&!Ee.test(P(a(t)).slice(0,20)))}
function jt({bubble:t,outside:i}){return n(t,`img[data-plain-text], img.emoji[alt]`).filter(e=>i(e)&&!r(e,`[data-testid=reaction-bubble], button`)).map(t=>t.getAttribute(`data-plain-text`)??e(t,`alt`)).join(``)}
function Mt(e){let t=e.find(({element:e})=>!r(e,`[data-testid^=poll-option], button`));return t?I(t.element):``}
function Nt({bubble:e,body:t,meta:n},r){if(n||!r)return n;let a=r.element.parentElement;return a?.childElementCount===1&&a!==e&&(a=a.parentElement),!a||a===e||t&&i(a,t)?r.element:a}
function Pt(e,t,n){return R(e,t).map(e=>e.text).filter(e=>e!==n?.text).slice(0,8)}
function Ft(e,t){return e&&T(e,t)||void 0}
function It(t){let r=n(t,`[aria-label]`).map(t=>e(t,`aria-label`));return r.length===0?void 0:r.slice(0,8).map(N)}
function Lt(e){return c(r(e,`.message-in, .message-out`)??t(e,`.message-in, .message-out`),({classList:e})=>e.contains(`message-out`)?`out`:`in`)}
function Rt(e,t){return[`out`,`in`].find(n=>T(e,`tail_${n}`,t))}
function zt(t,r){return c(n(t,`span[aria-label]`).find(t=>/[:：]\s*$/.test(e(t,`aria-label`))&&r(t)),t=>N(e(t,`aria-label`).trim()))}
function Bt(e,t,n){if(!(n.width<=0))for(let r of[e,t,e.firstElementChild]){if(!r||getComputedStyle(r).display===`inline`)continue;let e=s(r);if(e.width<=0||e.width>n.width*.9)continue;let t=(e.left+e.width/2-(n.left+n.width/2))/n.width;if(!(Math.abs(t)<.03))return t>0===se()?`start`:`end`}}
function Vt({bubble:e,outside:t}){return n(e,l).find(e=>t(e)&&Se(e))}
function Ht(e,n){let r=n.matches(`.quoted-mention`)?n:t(n,`.quoted-mention`),a=e=>t=>!e||!(i(e,t)||i(t,e)),o=e.one(`row.author`,n,a(r))??e.one(`quoted.author`,n,a(r)),s=a(o),l=r??e.one(`row.body`,n,s);return{sender:N(c(o,L)??``)||void 0,text:he(c(l,I)??R(n,s).map(e=>e.text).join(` `)).text}}
function Ut(t,n,i){let a=t.all(`row.reactions`,n,e=>i(e)&&!r(e,`[data-testid=msg-container]`)).map(t=>N(e(t,`aria-label`))).filter(e=>e!==``);return a.length===0?void 0:a.slice(0,20)}
function Wt(e){let t=e.attribute(`screen.link_code`)?.replaceAll(`,`,``);return t&&/^\w{8}$/.test(t)?t:void 0}
function Gt(){let e=new M,t=e.one(`login.field`),n=e.one(`login.next`),i=k(`button, [role=button]`).findLast(e=>b(F(a(e)),d.phone_login))??e.one(`login.offer`),o=`none`;return e.has(`screen.main`)||(Wt(e)?o=`code`:t&&e.has(`screen.phone_login`)?o=`form`:i&&(o=`offer`)),{stage:o,offer:z(i),field:z(t),value:t instanceof HTMLInputElement?t.value.slice(0,100).toWellFormed():``,focused:t!==null&&A()===t,next:z(n&&(r(n,`button, [role=button]`)??n)),refused:e.has(`login.refused`)}}
function Kt(){let e=new M,t=qt(e),n=t===`main`;return{v:1,kind:`state`,visible:j(),generation:ue(),lang:oe(),screen:t,qr:t===`qr`?en(e):void 0,link_code:t===`phone_login`?Wt(e):void 0,sync_percent:t===`syncing`||n?an(e,n):void 0,own_title:n?sn(e):void 0,offline:n&&cn(e),dialog:n||t===`unknown`?dn(e):void 0}}
function qt(e){let t=ae();if(!t)return`blank`;let n=Yt(e);if(n)return n;if(e.has(`screen.loading`))return an(e,!1)===void 0?`startup`:`syncing`;if(e.has(`screen.main`))return`main`;if(e.has(`screen.phone_login`))return`phone_login`;let r=Qt(e);return r?$t(e,r):Jt(t)}
function Jt(e){let n=O(`#app`);if(O(`#wa_web_initial_startup`))return`startup`;let r=F(a(e).slice(0,2e4));if(/google chrome \d+\+/.test(r)||!n&&b(r,d.unsupported))return`unsupported`;let i=[[`phone_login`,d.phone_code],[`qr_wait`,d.login],[`blocked`,d.blocked],[`passkey`,d.passkey],[`offline`,d.offline],[`logged_out`,d.logged_out]];for(let[e,t]of i)if(b(r,t))return e;return!n||n.childElementCount===0||r===``?`blank`:t(n,`progress, [role=progressbar]`)?`startup`:`unknown`}
function Yt(e){if(Zt(e).some(Xt))return`another_session`;let t=e.one(`dialog.confirm`);return!t||e.has(`screen.main`)||e.has(`screen.qr_value`)?null:e.has(`dialog.ok`,t)&&e.has(`dialog.cancel`,t)?`conflict`:null}
function Xt(e){return b(F(a(e)),d.dialogs.use_here??[])}
function Zt(e){let t=[...new Set([...e.all(`dialog`),...e.all(`dialog.confirm`)])];return t.filter(e=>!t.some(t=>t!==e&&i(t,e)))}
function Qt(e){return e.one(`screen.qr`)??e.one(`screen.qr_value`)}function $t(e,t){return nn(t)||tn(t)?`qr_idle`:en(e)?`qr`:`qr_wait`}
function en(e){let t=e.attribute(`screen.qr_value`);return t&&t.length<=2e3&&/^(2@|https:\/\/wa\.me\/)/.test(t)?t.toWellFormed():void 0}
function tn(e){let n=o(e)===`CANVAS`?e:t(e,`canvas`);for(let t=n;t;t=t.parentElement){let n=getComputedStyle(t).opacity;if(n!==``&&Number(n)<.3)return!0;if(t===e)break}return!1}
function nn(e){let n=e.matches(`button`)?e:t(e,l);if(n)return n;for(let t=e.parentElement,n=0;t&&n<3;t=t.parentElement,n++){let e=w(t,`refresh`)?.element.closest(l);if(e)return e}return null}
function rn(){let e=new M,t=Qt(e);return z(t&&!e.has(`screen.main`)?nn(t):null)}
function an(e,t){if(!t){let t=e.one(`screen.loading`);return on(a(t&&o(t)===`PROGRESS`?t.parentElement:t))}for(let t of k(`#side [data-testid^=chat-butterbar], #side [data-testid*=sync]`).concat(e.all(`screen.banner`))){let e=on(a(t));if(e!==void 0)return e}}
function on(e){let t=/(\d{1,3})\s?%|%\s?(\d{1,3})/.exec(e.slice(0,5e3)),n=Number(t?.[1]??t?.[2]??NaN);return n>=0&&n<=100?n:void 0}
function sn(n){return N(e(t(n.one(`list.yourself`),`span[title]`),`title`))||void 0}
function cn(e){if(e.has(`screen.offline_banner`))return!0;let t=O(`#side`);return t?ln(e.one(`list.grid`,e.one(`list.pane`)),t).some(e=>T(e,`offline`))?!0:e.all(`screen.banner`).some(e=>b(F(a(e)),d.offline)):!1}
function ln(e,t){if(!e||!i(t,e))return[t];let n=[];for(let r=e;r&&r!==t;r=r.parentElement)n.push(...[...r.parentElement?.children??[]].filter(e=>e!==r));return n}
function un(){return dn(new M)??{present:!1,x:0,y:0}}
function dn(e){let t=Zt(e).at(-1);if(!t)return;let n=F(a(t)).slice(0,500),r=fn(e,t,n),{x:i,y:o}=z(r?pn(e,t):null);return{present:!0,...r?{known:r}:{text:N(n)},x:i,y:o}}
function fn(e,t,n){return e.has(`dialog.continue`,t)?`fresh_look`:Object.entries(d.dialogs).find(([,e])=>b(n,e??[]))?.[0]}
function pn(e,i){let a=e.one(`dialog.continue`,i)??t(i,`[data-testid=popup-controls-ok]`);return a?r(a,`button, [role=button]`)??t(a,`button, [role=button]`)??a:n(i,`button, [role=button]`).at(-1)??null}
function mn(){let e=new M;for(let t of Zt(e))if(Xt(t))return z(n(t,`button, [role=button]`).findLast(Xt)??pn(e,t));return z(null)}
function G(e){return e.one(`main`)}
function hn(e){return e.must(`header`,G(e))}
function K(e=new M){let n=hn(e);if(!n)return{present:!1,title:``};let r=e.must(`header.title`,n,e=>gn(e)!==``),a=c(r,gn)??``;return a===``&&e.missing(`header.title`),{present:!0,title:a,subtitle:N(c(e.one(`header.subtitle`,n,e=>!i(r,e)),e=>e.getAttribute(`title`)??t(e,`[title]`)?.getAttribute(`title`)??L(e))??``)||void 0}}
function gn(e){return N((e.hasAttribute(`title`)?e:t(e,`span[title][dir=auto]`))?.getAttribute(`title`)||P(I(e)))}
function q(e){let t=G(e);if(!t)return null;let r=n(t,`[data-id]`),a=e=>r.every((t,n)=>n>0&&n<r.length-1||i(e,t));return e.must(`messages.box`,t,a)??_n(e.one(`messages.list`,t,a)??vn(r))}
function _n(e){for(let t=e;t&&t.id!==`main`;t=t.parentElement)if(/auto|scroll/.test(getComputedStyle(t).overflowY))return t;return e}
function vn(e){let t=e.at(-1),n=(e[0]?.closest(`[role=row]`)??e[0])?.parentElement??null;for(;n&&t&&!i(n,t);)n=n.parentElement;return n}
function J(n){let r=[],i=(n,a)=>{for(let o of n.children){let n=e(o,`data-id`);n?r.push({element:o,id:n}):a<30&&t(o,`[data-id]`)?i(o,a+1):r.push({element:o})}};return n&&i(n,0),r}
function yn(e=new M,t,n){let r={v:1,kind:`conversation`,visible:j(),open:!1,lang:oe(),title:``,rows:[],at_start:!1,at_end:!1,offline:!1,writable:!1},i=q(e),a=K(e);if(!a.present||!i)return G(e)?{...r,health:e.report}:r;let o=J(i),s=t===void 0?0:o.findIndex(({id:e})=>e&&Cn(e,t))+1;if(t!==void 0&&s===0)return null;let l=n===void 0?Dn(e,o.slice(s)):o.slice(n.from,n.from+n.count),u=r.visible?wn(e,l,i):[],d=i.scrollHeight-i.scrollTop-i.clientHeight<24;G(e)?.querySelector(`[contenteditable=true]`)&&e.must(`composer`,G(e));let f=Sn(e),p={...r,open:!0,title:a.title,subtitle:a.subtitle,avatar:bn(e),composer_label:c(f,xn),rows:u,at_start:u.some(e=>e.row===`start`),at_end:d,offline:cn(e),writable:f!==null,health:e.report};return n===void 0?Pn(p):{...p,pieces:o.length}}
function bn(e){let t=hn(e);return t===null?void 0:Xe(t)}
function xn(e){return e.getAttribute(`aria-label`)?.slice(0,1e3).toWellFormed()}
function Sn(e){return e.one(`composer`,G(e))}
function Y(e){return/^(?:true|false)_[^_]*@[^_]*_([^_]+)/.exec(e)?.[1]??e}
function Cn(e,t){return e===t||Y(e)===Y(t)}
function wn(e,n,r){let i=s(r),a=[],o=new Set;for(let{element:t,id:r}of n)if(r)o.has(r)||r.length>300||(o.add(r),a.push(e.once(r,t,()=>U(e,t)?On(e,t,r.toWellFormed(),i):Tn(r))));else{let n=e.once(`between`,t,()=>Nn(e,t));n&&a.push(n)}let c=a.filter(e=>e.id&&e.drawn);return e.report.rows_seen+=c.length,e.report.rows_read+=c.filter(En).length,(o.size>0||t(r,`[data-pre-plain-text]`))&&e.tally(`row.id`,o.size>0),c.length>0&&e.report.rows_read===0&&(e.report.alarm=!0),a}
function Tn(e){return{row:`message`,id:e,drawn:!1}}
function En(e){return e.row!==`message`||e.text!==``||e.kind!==`none`||e.clock!==void 0}
function Dn(e,t){if(t.length<=1400)return t;let n=t.findIndex(({id:t,element:n})=>t&&U(e,n)),r=Math.max(0,Math.min(n<0?t.length:n-100,t.length-Oe));return t.slice(r,r+Oe)}
function On(e,t,n,r){if(e.has(`row.notice`,t)&&!W(e,t)&&!kn(e,t))return Mn(e,t,n);let i=St(e,t),a=Tt(i,n,r),o=i.bubble===t&&!i.pre&&!/\bmessage-(in|out)\b/.test(t.className),s=a.kind===`none`&&a.status===void 0,c=o&&(s&&(a.text===``||a.clock===void 0&&a.tail===void 0)||e.has(`row.card`,t)),l=e.has(`row.subtype`,t)&&!i.pre&&s;return c||l?Mn(e,t,n):a}
function kn(e,t){return e.has(`kind.call`,t)||!e.has(`row.subtype`,t)&&b(F(L(t)),d.call)&&!An(t)}
function An(e){return b(F(L(e)),d.encryption)}
function jn(e){return N(L(e)).slice(0,1e3).toWellFormed()}
function Mn(e,t,n){let r=e.attribute(`row.subtype`,t)?.replace(/^subtype-/,``);return{row:An(t)?`start`:`notice`,id:n,drawn:!0,text:jn(t),subtype:c(r,N)}}
function Nn(e,n){let r=L(n);if(r!==``)return n.matches(`[data-testid=msg-notification-container]`)||e.has(`row.notice`,n)||b(r.toLowerCase(),d.encryption)&&r.length>40?Mn(e,n):n.matches(`span[aria-live=polite]`)||e.has(`row.divider`,n)?{row:`divider`,drawn:!0,text:N(r)}:r.length>60||t(n,`button, [role=button], progress`)?{row:`notice`,drawn:!0,text:jn(n)}:{row:`marker`,drawn:!0,text:N(r)}}
function Pn(e){let t=De(e);for(let n=0;t>9e5&&n<e.rows.length-1;n++){let r=e.rows[n];r?.id&&r.drawn&&(t-=De(r)-60,e.rows[n]=Tn(r.id))}return e}var Fn=`input:not([type=radio]), [contenteditable=true]`,In=`${l}, [role=menuitem], [role=checkbox], [role=radio], [type=radio], ${Fn}, [aria-live]`;
function Ln(e,t){return J(e).find(({id:e})=>e&&Cn(e,t))?.element}
function Rn({key:e,show:t}){let n=new M,r=q(n),i=Ln(r,e);if(r===null||i===void 0)return{found:!1};let a=s(r);t&&(r.scrollTop+=s(i).top-a.top-Math.max(90,(a.height-s(i).height)/2));let o=U(n,i),c=s(o&&W(n,i)||i),l=Math.max(c.top,a.top),u=Math.min(c.bottom,a.bottom);return{found:!0,drawn:o,seen:u-l>=Math.min(c.height,40)&&c.top>=a.top+20,x:c.left+c.width/2,y:Math.min((l+u)/2,l+60)}}
function zn(e,t){let n=Ln(q(e),t);return n&&(r(n,`[role=row]`)??n)}
function Bn(r){let a=r.matches(Fn),o=[...[r,...n(r,`[data-testid]`)].map(t=>e(t,`data-testid`)),...x(r).flatMap(e=>e.names)].filter(e=>e!==``),s=[`aria-pressed`,`aria-checked`,`aria-expanded`].map(t=>e(r,t)).find(Boolean),{checked:c,value:l}=r;return{...z(r),role:e(r,`role`)||r.localName,label:N(e(r,`aria-label`)||e(t(r,`[title]`),`title`)||L(r)),names:[...new Set(o)].slice(0,12).map(e=>e.slice(0,80)),on:r.matches(`[type=radio]`)?c:s&&s===`true`,off:r.matches(`:disabled, [aria-disabled=true]`),text:a?N(l??we(r)):void 0,focused:a&&i(r,A()),live:r.hasAttribute(`aria-live`)}}
function Vn({field:e,key:t=``}){let r=new M,i=e===`row`?zn(r,t):r.all(e).at(-1),a=i===void 0?[]:n(i,In);return{present:i!==void 0,text:i===void 0||e===`row`?``:N(L(i).slice(0,300)),controls:a.slice(0,120).map(Bn)}}var Hn={messageRow:Rn,controls:Vn};
function Un(e){for(let{element:t,id:r}of J(q(e))){if(r===void 0){let e=[t,...n(t,l)].filter(e=>e.matches(l)).find(e=>b(F(a(e)),d.older_phone));if(e)return{state:`phone`,button:e};if(b(F(L(t)),d.older_syncing))return{state:`syncing`}}if(An(t))return{state:`start`};if(r!==void 0)break}return{state:`more`}}
function Wn(){let e=new M,{state:t,button:n}=Un(e),{x:r,y:i}=z(n??null);return{title:K(e).title,state:t,x:r,y:i}}
function Gn(e,t){for(let{id:n,element:r}of J(q(e)).reverse()){if(n===void 0||!t(Y(n))||!U(e,r))continue;let i=Vt(St(e,r));if(i)return{key:Y(n),button:i}}return null}
function Kn({skip:e}){let t=Gn(new M,t=>!e.includes(t));return t?.button.scrollIntoView({block:`center`,behavior:`instant`}),{...z(t?.button??null),key:t?.key.toWellFormed()??``}}var qn=5e3,Jn=[`pointerdown`,`mousedown`,`pointerup`,`mouseup`,`click`],X;
function Yn(e){return/^\+[\d\s().\-\u2010-\u2013]+$/.test(P(e))?e.replace(/\D/g,``):``}
function Xn(t,n,{title:r,phone:i}){let a=ke(t,n),o=t=>a.filter(n=>t(e(n.title,`title`))),s=o(e=>P(e)===P(r)),c=i?.replace(/\D/g,``);return s.length>0||!c?s:o(e=>Yn(e)===c)}
function Zn(e){let t=new M;if(`more`in e)return Gn(t,t=>t===e.more)?.button;if(`row`in e)return zn(t,e.row);if(`older`in e)return Un(t).button;let n=B(t),r=n===null?[]:Xn(t,n,e);return r.length===1?r[0]?.element:void 0}
function Qn(e){return X={at:e,until:performance.now()+qn,stopped:!1},!0}function $n(){let e=X?.stopped??!0;return X=void 0,{stopped:e}}
function er(e){X===void 0||performance.now()>X.until||i(Zn(X.at),e.target)||(X.stopped=!0,e.stopImmediatePropagation(),e.preventDefault())}
function tr(){for(let e of Jn)globalThis.addEventListener(e,er,{capture:!0})}
function nr(){let e=new M;return ir(e.one(`attach.button`,G(e)))}
function rr({kind:e}){return ir(new M().one(`attach.${e}`))}
function ir(e){let t=e&&(r(e,`button, [role=button], [role=menuitem]`)??e),n=z(t),a=t&&document.elementFromPoint(n.x,n.y);return a&&(i(t,a)||i(a,t))?n:z(null)}
function ar(){let t=q(new M);for(let a of k(`[contenteditable=true]`)){if(r(a,`footer, #side`)!==null||s(a).height===0)continue;let o=a;for(let e=a.parentElement;e&&e.id!==`main`&&!(t&&i(e,t));e=e.parentElement)o=e;let c=or(o);if(c===null)continue;let l=/\d+/.exec(L(c)),u=n(o,`[title]`).map(t=>N(e(t,`title`)));return{...z(a),text:we(a).toWellFormed(),focused:i(a,A()),send:ir(c),count:l?Number(l[0]):1,names:u.filter(e=>e!==``).slice(0,20)}}return z(null)}
function or(e){let t=y(`send`),n=x(e).find(e=>e.names.some(e=>t.has(e))&&r(e.element,`footer`)===null);return n?r(n.element,l):null}var sr=[`style`,`aria-rowcount`],cr=`[data-id], [role=row], [role=listitem]`,lr=class{generation=``;known=new WeakMap;forget(){this.known=new WeakMap}of(e,t,n){let r=this.known.get(t);r||(r=new Map,this.known.set(t,r));let i=r.get(e)??n();return r.set(e,i),i}touched(e,i){let a=r(e,`[role=row]`);if(!i||!sr.includes(i)||e!==a&&r(e,cr)){for(let t=e;t;t=t.parentElement)this.known.delete(t);if(a)for(let e of n(a,`[data-id]`))this.known.delete(e);else i&&t(e,cr)&&this.forget()}}},ur=30,dr={state:30,list:100,conversation:100},fr=5e3,pr=200,mr=[`state`,`list`,`conversation`].map(e=>({kind:e,dirty:!0,last:-1e3,hash:``})),hr=new lr,Z={},gr=``,_r,vr=0;
function yr(){let e=globalThis.qnObserve;return typeof e==`function`?e:void 0}
function br(e){let t=3735928559,n=1103547991;for(let r=0;r<e.length;r++){let i=e.charCodeAt(r);t=Math.imul(t^i,2654435761),n=Math.imul(n^i,1597334677)}return`${e.length}:${(t>>>0).toString(36)}${(n>>>0).toString(36)}`}
function xr(){let e=[Z.list,Z.conversation].filter(e=>e!==void 0);return e.reduce(le,ce(e[0]?.generation??`unknown`))}
function Sr(e){if(e===`state`)return Kt();let t=new M(hr);if(e===`list`){let{health:e,...n}=V(t);return Z.list=e,n.present?n:void 0}if(!j())return;let{health:n,...r}=yn(t)??{open:!1};return Z.conversation=n,r.open?r:void 0}var Cr=1500,Q;
function wr(e){return e.screen===`unknown`?(Q??=performance.now(),performance.now()-Q<Cr):(Q=void 0,!1)}
function Tr(e,t){let n=Sr(e.kind);if(e.kind===`state`&&n!==void 0&&wr(n)){e.dirty=!0;return}if(n===void 0){e.hash=``;return}let r=JSON.stringify(n),i=br(r.replace(/"look":\d+/,``));i!==e.hash&&(t(r),e.hash=i)}
function Er(e){let t=JSON.stringify({v:1,kind:`health`,health:xr()}),n=br(t);n===gr||Z.list===void 0&&Z.conversation===void 0||(e(t),gr=n)}
function Dr(){_r=void 0;let e=yr();if(e===void 0){Or(pr);return}let t=performance.now(),n;for(let r of mr){if(!r.dirty)continue;let i=r.last+dr[r.kind]-t;if(i>0)n=Math.min(n??i,i);else{r.dirty=!1,r.last=t;try{Tr(r,e)}catch{r.hash=``}}}try{Er(e)}catch{gr=``}Q!==void 0&&(n=Math.min(n??Cr,Cr/5)),n!==void 0&&Or(n)}
function Or(e){let t=performance.now()+e;_r!==void 0&&vr<=t||(clearTimeout(_r),vr=t,_r=setTimeout(Dr,e))}
function kr(...e){for(let t of mr)e.includes(t.kind)&&(t.dirty=!0);Or(ur)}function $(){hr.forget(),kr(`state`,`list`,`conversation`)}
function Ar(e){if(e.length>200){$();return}let t=new Set;for(let{target:n,attributeName:i}of e){let e=n instanceof Element?n:n.parentElement;if(!e){$();return}if(hr.touched(e,i),r(e,`#pane-side`))t.add(`list`);else if(r(e,`#main`))t.add(`conversation`);else for(let{kind:e}of mr)t.add(e)}kr(...t)}
function jr(){Z.list=void 0,Z.conversation=void 0;for(let e of mr)e.hash=``;$()}
function Mr(){new MutationObserver(Ar).observe(document,{subtree:!0,childList:!0,characterData:!0,attributes:!0});let e=()=>kr(`list`,`conversation`);for(let t of[`scroll`,`input`])document.addEventListener(t,e,{capture:!0,passive:!0});document.addEventListener(`transitionend`,({target:t})=>{t instanceof Element&&hr.touched(t),e()}),addEventListener(`resize`,$),document.addEventListener(`visibilitychange`,$),document.addEventListener(`readystatechange`,$),setInterval($,fr),$()}var Nr={found:`none`,x:0,y:0,position:0,clickable:!1,top:0,height:0,inView:!1,selected:!1};
function Pr({title:e,phone:t}){let n=new M,r=B(n);if(!r)return Nr;let i=Xn(n,r,{title:e,phone:t}),a=i[0];if(!a)return Nr;let o=n.one(`list.cell`,a.element)??a.element,{x:c,y:l}=z(o),u=s(r),d=s(o).height>0&&l>u.top&&l<u.bottom&&c>u.left&&c<u.right;return{found:i.length===1?`one`:`many`,x:c,y:l,position:a.position,clickable:i.length===1&&d&&Fr(o,a.element,{x:c,y:l})&&Ir(n,r,a.element,a.y),top:a.y,height:a.height,inView:d,selected:Ue(a.element)}}
function Fr(e,t,n){return getComputedStyle(e).pointerEvents!==`none`&&i(t,document.elementFromPoint(n.x,n.y))}
function Ir(e,t,n,r){let i=e.one(`list.grid`,t);if(!i)return!0;let a=s(n).top,o=e=>Math.abs(a-s(e).top-r)<3;return o(n.parentElement??i)||o(i)||!/translate/.test(n.style.transform)}
function Lr(e){let{scrollTop:t,scrollHeight:n,clientHeight:r}=e??{scrollTop:0,scrollHeight:0,clientHeight:0};return{...z(e),scrollTop:t,scrollHeight:n,clientHeight:r}}
function Rr(e,t){return e?.scrollTo({top:t===`end`?e.scrollHeight:Number(t)||0,behavior:`instant`}),Lr(e)}
function zr(){let t=Sn(new M),n=c(t,we)?.toWellFormed()??``,r=A();return{...z(t),writable:t!==null&&e(t,`aria-disabled`)!==`true`,text:n,empty:n===``,focused:r!==null&&i(t,r),hasDraft:n!==``,label:c(t,xn)}}
function Br(){let e=new M,t=e.one(`send`,G(e),e=>!T(e,`microphone`));return z(t?.closest(`button, [role=button]`)??t)}
function Vr(){let e=new M,t=J(q(e)).findLast(({id:t,element:n})=>t&&(!U(e,n)||!e.has(`row.notice`,n)));return t?.id?{key:Y(t.id).toWellFormed(),direction:Hr(t.id,t.element)}:null}
function Hr(e,n){return e.startsWith(`true_`)||t(n,`.message-out`)||T(n,`tail_out`)||T(n,`ack`)?`out`:e.startsWith(`false_`)||t(n,`.message-in`)||T(n,`tail_in`)?`in`:`unknown`}
function Ur({key:e,place:t}){let n=new M,{title:r}=K(n),i=J(q(n)).find(({id:t,element:r})=>t&&Cn(t,e)&&U(n,r));return i?{title:r,drawn:!0,...wt(n,i.element,t)}:{title:r,drawn:!1}}var Wr={state:Kt,list:()=>V(),conversation:()=>yn(),chats:e=>V(new M,void 0,e),archive:(e,t=new M)=>V(t,Ie(t),e),rows:e=>yn(new M,void 0,e),chatRow:Pr,takeAim:Qn,aimed:$n,folded:Kn,listBox:()=>Lr(B(new M)),conversationBox:()=>Lr(q(new M)),scrollListTo:({top:e})=>Rr(B(new M),e),scrollConversationTo:({top:e})=>Rr(q(new M),e),attachButton:nr,attachItem:rr,historyTop:Wn,composer:zr,preview:ar,sendButton:Br,lastMessage:Vr,...Hn,media:Ur,messages:({after:e})=>yn(new M,e??void 0)??{error:`after_not_found`},phoneLogin:Gt,qrReload:rn,useHere:mn,dialog:un,header:()=>K(),visible:j,useProfiles:e=>(h(e),jr(),!0)};
function Gr(){let e={};for(let[t,n]of Object.entries(Wr))e[t]=e=>{try{return n(e??{})??null}catch(e){return{error:`${t}: ${e instanceof Error?e.message:``}`.slice(0,200).toWellFormed()}}};return e}var Kr=globalThis;Kr.__qn===void 0&&globalThis.top===globalThis.self&&(Kr.__qn=Gr(),tr(),Mr())})();