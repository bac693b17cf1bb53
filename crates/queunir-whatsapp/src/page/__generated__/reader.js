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
function j(){return ie()?.getAttribute(`lang`)?.slice(0,40)||void 0}
function oe(){return ie()?.getAttribute(`dir`)===`rtl`}
function se(e){return{generation:e,rows_seen:0,rows_read:0,anchors:{},empty:{},tallies:{},alarm:!1}}
function ce(e,t){e.rows_seen+=t.rows_seen,e.rows_read+=t.rows_read,e.alarm||=t.alarm;for(let n in t.anchors)e.anchors[n]??=t.anchors[n];for(let n in t.empty)e.empty[n]=(e.empty[n]??0)+(t.empty[n]??0);for(let n in t.tallies){let[r,i]=t.tallies[n],a=e.tallies[n]??[0,0];e.tallies[n]=[a[0]+r,a[1]+i]}return e}
function le(){for(let e of f)if(e.detect.some(e=>D(e)!==null))return e.generation;return`unknown`}var M=class{memory;report;order;cache=new Map;constructor(e){this.memory=e;let t=le();S(),e&&e.generation!==t&&e.forget(),e&&(e.generation=t),this.order=[...f].sort((e,n)=>Number(n.generation===t)-Number(e.generation===t)),this.report=se(t)}once(e,t,n){if(!this.memory)return n();let r=this.report,i=this.memory.of(e,t,()=>{this.report=se(r.generation);try{return{value:n(),report:this.report}}finally{this.report=r}});return ce(r,i.report),i.value}anchors(e){let t=this.cache.get(e);return t||(t=this.order.flatMap((t,n)=>(t.fields[e]??[]).map(e=>[e,n===0])),this.cache.set(e,t)),t}hit(e,t){this.report.anchors[e]??=t}one(e,t,n){return this.look(e,t,n,!1)}must(e,t,n){return this.look(e,t,n,!0)}expects(e){return this.anchors(e).some(([,e])=>e)}look(e,t,n=()=>!0,r){if(t===null)return null;let i=new Set;for(let[[a,o],s]of this.anchors(e)){let c=ue(o,t).find(n);if(!c)s&&i.add(a);else return this.hit(e,a),s&&i.delete(a),r?this.tally(e,!0,s?[a]:[],i):s&&this.tally(`${e}:${a}`,!0),c}return r&&this.tally(e,!1,[],i),null}tally(e,t,n=[],r=[]){this.report.tallies[e]??=[0,0],this.report.tallies[e][+!t]+=1;for(let t of n)this.tally(`${e}:${t}`,!0);for(let t of r)this.tally(`${e}:${t}`,!1)}all(e,t,n=()=>!0){if(t===null)return[];for(let[[r,i]]of this.anchors(e)){let a=ue(i,t).filter(n);if(a.length>0)return this.hit(e,r),a}return[]}has(e,t){return this.one(e,t)!==null}attribute(t,n){for(let[[r,i,a]]of this.anchors(t)){let o=a&&ue(i,n).find(e=>e.hasAttribute(a));if(o)return this.hit(t,r),e(o,a)}}missing(e){this.report.empty[e]=(this.report.empty[e]??0)+1,this.report.anchors[e]??=`none`}found(e,t){this.hit(e,t)}};
function ue(e,t){try{return t?n(t,e):O(e)}catch{return[]}}var de=/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,fe=3900,pe=69e3;
function N(e){return he(e,fe)}
function me(e){let t=he(e,pe);return{text:t,cut:t.length<e.length}}
function he(e,t){return e.slice(0,t).toWellFormed()}
function P(e){return e.replace(de,``).normalize(`NFC`).replace(/\s+/g,` `).trim()}
function F(e){return P(e).toLowerCase()}var ge="${appText}",_e=new Set([`P`,`DIV`,`LI`,`UL`,`OL`,`BLOCKQUOTE`,`PRE`]),ve=new Set([`SVG`,`STYLE`,`SCRIPT`,`CANVAS`,`NOSCRIPT`,`TEMPLATE`,`VIDEO`,`AUDIO`]);
function I(e){let t=[];return ye(e,t,0),t.join(``)}
function ye(e,t,n){if(n>60)return;let r=!1;for(let i of e.childNodes){let e=[];i.nodeType===Node.TEXT_NODE?e.push(i.nodeValue??``):i.nodeType===Node.ELEMENT_NODE&&be(i,e,n+1);let a=e.join(``);if(a===``)continue;let o=_e.has(i.tagName?.toUpperCase());(o||r)&&t.length>0&&!Se(t)&&!a.startsWith(`
`)&&t.push(`
`),t.push(a),r=o}}
function be(t,n,r){let i=o(t),a=e(t,`role`);if(i===`BR`){n.push(`
`);return}if(i===`IMG`){n.push(t.getAttribute(`data-plain-text`)??e(t,`alt`));return}if(ve.has(i)||e(t,`aria-hidden`)===`true`||a===`gridcell`||i===`BUTTON`&&!t.hasAttribute(`data-plain-text`)||a===`button`&&xe(t))return;let s=t.getAttribute(`data-app-text-template`),c=[];ye(t,c,r);let l=c.join(``),u=e(t,`data-pre-plain-text`);u.startsWith(`[`)||n.push(u),n.push(s?.includes(ge)?s.replace(ge,()=>l):l)}
function xe(e){return d.read_more.includes(F(a(e).slice(0,60)).replace(/^[.…\s]+|[.…]+$/g,``))}
function Se(e){return e.findLast(e=>e!==``)?.endsWith(`
`)??!0}
function Ce(e){let t=[...e.children].filter(e=>_e.has(o(e)));return t.length===0?we(e):t.map(we).join(`
`)}
function we(e){let t=[];return ye(e,t,0),[...e.childNodes].findLast(({nodeType:e,nodeValue:t})=>e===Node.ELEMENT_NODE||e===Node.TEXT_NODE&&t!==``)?.nodeName.toUpperCase()===`BR`&&t.pop(),t.join(``)}
function L(e){return P(I(e))}var Te=/\d{1,2}[:.]\d{2}/;
function R(e,t){let n=[];for(let i of[e,...e.querySelectorAll(`*`)]){if(n.length>=60)break;let e=``;for(let t of i.childNodes)t.nodeType===Node.TEXT_NODE&&(e+=t.nodeValue);let a=e.length<400?P(e):``;a!==``&&!r(i,`svg, style, script, [aria-hidden=true]`)&&t(i)&&n.push({element:i,text:a})}return n}
function z(e){let t=c(e,s);return t?{present:!0,x:t.left+t.width/2,y:t.top+t.height/2}:{present:!1,x:0,y:0}}
function Ee(e){let t=JSON.stringify(e);return t.length*3<9e5?t.length:new TextEncoder().encode(t).length}var De=1400;
function B(e){return e.one(`list.pane`)}
function Oe(e,t){let n=e.one(`list.grid`,t)??t,r=je(e.all(`list.row`,n));e.report.rows_seen+=r.length;let i=[],a=0;for(let t of r){let n=e.once(`title`,t,()=>e.must(`list.title`,t,Ae));n?i.push({element:t,title:n,y:Me(t),height:Ne(t),position:0}):a+=1}i.sort((e,t)=>e.y-t.y),e.report.rows_seen-=i.length>0?a:0;let o=i[0],s=ke(i),c=o&&o.height>0&&o.y>=s?Math.round(o.y/s):0;return i.forEach((e,t)=>{e.position=c+t}),i}
function ke(e){let t=e.map(e=>e.height).filter(e=>e>0).sort((e,t)=>e-t);return t[Math.floor(t.length/2)]??76}
function Ae(t){return P(e(t,`title`))!==``&&r(t,`[data-testid=cell-frame-secondary]`)===null}
function je(e){let t=new Set(e);return e.filter(e=>{let n=e.parentElement;for(;n&&!t.has(n);)n=n.parentElement;return!n})}
function Me(t){for(let n=t,r=0;n&&r<3;n=n.parentElement,r++){let r=/translate(?:Y\(|3d\([^,]+,|\([^,]+,)\s*(-?[\d.]+)px/.exec(n.style?.transform??``);if(r)return Number(r[1]);if(n!==t&&e(n,`role`)===`grid`)break}return s(t).top}
function Ne(e){let t=Number.parseFloat(e.style?.height??``);return Number.isFinite(t)&&t>0?t:s(e).height}var Pe=2e3;
function Fe(e){return e.one(`list.archive`)}var Ie=Array.from(crypto.getRandomValues(new Uint32Array(2)),e=>e.toString(36)).join(``),Le=0;
function V(e=new M,t=B(e),n){let r=Re(e,t,n);return Ee(r)<=9e5?r:{...r,rows:r.rows.map(e=>({...e,preview:e.preview?.slice(0,80).toWellFormed()}))}}
function Re(e,t,n){Le+=1;let r={v:1,kind:`list`,document:Ie,look:Le,visible:A(),present:!1,searching:!1,lang:j(),complete:!1,rows:[]};if(!t)return n===void 0&&e.has(`screen.main`)?(e.must(`list.pane`),{...r,health:e.report}):r;n===void 0&&e.must(`list.pane`);let i=t.matches(`[role=grid]`)?t:e.must(`list.grid`,t),o=Oe(e,t),s=n?.from??0,c=o.slice(s,s+(n?.count??3e3)).map(t=>({...e.once(`chat`,t.element,()=>Ve(e,t)),y:t.y,height:t.height,position:t.position}));o.length===0&&P(a(t))!==``&&e.must(`list.row`,i??t),o[0]&&(e.must(`list.row`,i??t),e.must(`list.cell`,o[0].element)),e.report.rows_read+=c.length,e.report.rows_seen>0&&c.length===0&&(e.report.alarm=!0);let l=ze(i),u=t.scrollHeight<=t.clientHeight+1;return{...r,present:i!==null||c.length>0,searching:Be(e),total:l,complete:l===void 0?u:c.length===l,rows:c,health:e.report}}
function ze(e){let t=Number(e?.getAttribute(`aria-rowcount`)??NaN);return Number.isInteger(t)&&t>=0&&t<1e6?t:void 0}
function Be(e){let t=e.must(`list.search`);return t?o(t)===`INPUT`?t.value.trim()!==``:P(a(t))!==``:!1}
function Ve(t,n){let o=n.element,s=t.one(`list.preview`,o,e=>e!==n.title),l=s?.closest(`[data-testid=cell-frame-secondary]`)??t.one(`list.secondary`,o),u=w(o,`ack`),f=w(o,`media`,e=>!i(n.title,e)),p=F(c(l,L)??``),m=!s&&!t.has(`list.status`,o),h=m&&d.draft.some(e=>p.startsWith(e)&&/^\]?[:：]/.test(p.slice(e.length))),g=m&&!h&&Ge(p),_=!s&&!h&&!g&&l?I(l).trim():``,v=s?.getAttribute(`title`)??(_||void 0),y=qe(t,o);return Ue(t,l,n.title),v===void 0&&t.missing(`list.preview`),s||t.must(`list.secondary`,o),{title:N(e(n.title,`title`)),time:N(Ke(t,o)),preview:v?.slice(0,Pe).toWellFormed(),author:Je(s??t.one(`list.status`,o),v??``),ack_icon:u&&ee(u,`ack`),ack_colours:u?te(u.element):[],media_icon:f&&ee(f,`media`),unread_label:c(y,t=>N(e(t,`aria-label`)||a(t))),unread_badge:y!==null,pinned:T(o,`pinned`),muted:t.has(`list.muted`,o)||T(o,`muted`),archived:r(o,`[data-testid=drawer-left]`)!==null||We(o,n.title,p),typing:g,draft:h,avatar:Ye(o),yourself:t.has(`list.yourself`,o),selected:He(o)}}
function He(e){return e.matches(`[aria-selected=true]`)||t(e,`[aria-selected=true]`)!==null}
function Ue(e,t,n){if(t)for(let{element:r,names:a}of b(t))r.matches(`svg, [data-icon]`)&&!i(n,r)&&e.tally(`list.icon`,a.some(_))}
function We(e,t,n){return d.archived.includes(n)||!y(F(a(e)),d.archived)?!1:R(e,e=>!i(t,e)&&!r(e,`[title]`)).some(e=>d.archived.includes(F(e.text)))}
function Ge(e){let t=/^(.{1,80})(\.\.\.|…)$/.exec(e)?.[1];return t===void 0?!1:!d.languages.includes(j()?.split(`-`)[0]??``)||d.typing.some(e=>t.endsWith(e))}
function Ke(e,n){let r=e.must(`list.time`,n,e=>t(e,`[title]`)===null);return r||e.missing(`list.time`),c(r,L)??``}
function qe(n,o){let s=n.one(`list.muted`,o),c=n.one(`list.unread`,o,n=>!(s&&i(n,s))&&!i(s,n)&&/^[\d+.,\s]*$/.test(a(n))&&!/mention|mute|pin/.test(e(n,`data-testid`))&&t(n,`svg, [data-icon]`)===null&&!n.matches(`[data-icon]`));return c?c.hasAttribute(`aria-label`)?c:t(c,`[aria-label]`)??r(c,`[aria-label]`)??c:null}
function Je(e,t){if(!e)return;let n=I(e),r=n.indexOf(`:\xA0`);if(r<=0||r>80)return;let i=P(n.slice(0,r)),a=P(t);return i!==``&&!a.startsWith(`${i}:`)?N(i):void 0}
function Ye(e){return[`group`,`contact`].find(t=>T(e,t))}var Xe=/^data:image\/(jpeg|png|webp);base64,/,Ze=120,Qe=38e4,$e=30,et=[`image`,`sticker`,`album`],tt=[`video`,`gif`,`document`];
function nt({reading:e,bubble:t,free:n},r){if(r===`album`){let r=e.all(`media.tile`,t,n);return r.filter(e=>!r.some(t=>t!==e&&i(t,e))).slice(0,$e)}return[e.one(`kind.${r}`,t,n)??t]}
function rt({free:e},t,n){let r=e=>[...n.querySelectorAll(e),...n.matches(e)?[n]:[]],i=(t,n)=>r(t).filter(t=>e(t)&&!t.hasAttribute(`data-plain-text`)).map(e=>e.getAttribute(n)??``).find(e=>e.startsWith(`blob:`)),a=i(`img[src^='blob:']`,`src`),o=i(`video[src^='blob:'], audio[src^='blob:'], source[src^='blob:']`,`src`);return{whole:et.includes(t)?a??(t===`album`?o:void 0):o??i(`a[href^='blob:']`,`href`),preview:(tt.includes(t)?a:void 0)??(et.includes(t)||tt.includes(t)?it(r,e):void 0)}}
function it(t,n){let r=t(`[style*='data:image']`).filter(n).map(e=>e.style.backgroundImage.replace(/^url\(["']?|["']?\)$/g,``)),i=t(`img[src^='data:image']`).filter(e=>n(e)&&!e.hasAttribute(`data-plain-text`)).map(t=>e(t,`src`));return[...r,...i].filter(e=>Xe.test(e)&&e.length>=Ze&&e.length<=Qe).sort((e,t)=>t.length-e.length)[0]}
function at(e,t){return nt(e,t).map(n=>{let{whole:r,preview:i}=rt(e,t,n);return r===void 0?i===void 0?`nothing`:`preview`:`whole`})}
function ot(e,t,n){let r=nt(e,t)[n];return r===void 0?{}:rt(e,t,r)}var st=[`poll`,`location`,`contact`,`album`,`sticker`,`gif`,`voice`,`video`,`audio`,`document`,`image`,`call`],ct=/^\d{1,3}:\d{2}(:\d{2})?$/,lt=/^\d[\d.,]*\s?([kmg]i?b|bytes|b)$/i,H=/^.{1,300}\.[a-z0-9]{1,5}$/i;
function ut(r,i,a){let{reading:o,bubble:s,row:c,free:l,pre:u}=r;if(T(c,`recalled`,l))return`deleted`;let f=n(s,`[aria-label]`).filter(l).map(t=>F(e(t,`aria-label`)));for(let e of st){if(o.one(`kind.${e}`,s,l))return e;let t=d.kinds[e],n=T(s,e,l)?`icon`:t?.some(t=>f.includes(t)||e===`voice`&&y(f.join(`
`),[t]))?`label`:void 0;if(n)return o.found(`kind.${e}`,n),e}if(dt(r,i,a))return`document`;if(!u){let e=F([i,...a.map(e=>e.text)].join(` `).slice(0,1e3));if(y(e,d.undecrypted))return`undecrypted`;if(y(e,d.view_once))return`view_once`;if(y(e,d.deleted))return`deleted`;if(i===``&&y(e,d.call))return`call`}let p=t(r.body,`a[href]`);return i===``&&o.one(`loose.location`,s,l)?`location`:!p&&o.one(`loose.image`,s,l)?`image`:`none`}
function dt({bubble:t,free:r},i,a){let o=n(t,`[title]`).filter(r);return o.length===0?!1:a.some(e=>e.text.split(/\s[•·]\s|,\s/).some(e=>lt.test(e)))||i===``&&o.some(t=>H.test(e(t,`title`)))}var ft=[`album`,`sticker`,`gif`,`voice`,`video`,`audio`,`document`,`image`];
function pt(e,t,n){let{clock:r,media:i}=mt(e,t,n);if(!ft.includes(t))return{clock:r,media:i};let a=n.filter(e=>e!==r).flatMap(e=>e.text.split(/\s[•·]\s|,\s/)).find(e=>lt.test(e.trim()));return{clock:r,media:{...i,size:a&&N(a),files:at(e,t)}}}
function mt(t,a,o){let{bubble:s,meta:c,free:l}=t,u=o.filter(({element:e,text:t})=>Te.test(t)&&t.length<30&&(!c||i(c,e))),d=[`voice`,`video`,`gif`,`audio`].includes(a),f=o.filter(({text:e})=>ct.test(e)),p=d&&!c&&u.length===1&&f.length===1,m=p?void 0:u.at(-1),h=f.find(e=>e!==m&&(p||e.text!==m?.text)),g=n(s,`[title]`).filter(l).map(t=>e(t,`title`));if(a===`document`){let e=g.find(e=>H.test(e))??g.find(e=>e!==``)??ht(o);return{clock:m,media:e?{name:N(e)}:void 0}}if(a===`contact`){let e=o.find(e=>e!==m&&!r(e.element,`button`));return{clock:m,media:e&&{name:N(L(e.element))}}}let _=a===`audio`?g.find(e=>H.test(e)):void 0;return{clock:m,media:d&&(h??_)!==void 0?{name:_&&N(_),duration:h?.text}:void 0}}
function ht(e){return e.find(({text:e})=>H.test(e)&&!Te.test(e))?.text}var gt=`[data-testid=msg-meta], [data-testid=author], [data-testid=reaction-bubble], [data-testid=vcard-msg], [data-testid^=poll-option]`,_t=`[data-pre-plain-text]`;
function U(n,r){let i=r.matches(`[data-virtualized]`)?r:t(r,`[data-virtualized]`);return P(a(r))!==``||t(r,`img, canvas, svg`)?!0:e(i,`data-virtualized`)===`true`?!1:W(n,r)!==null||n.has(`row.notice`,r)}
function vt(e){let t=r(e,`[role=row]`);return t&&n(t,`[data-id]`).every(t=>i(e,t))?t:e}
function W(e,t){return e.one(`row.bubble`,t)??r(t,`.message-in, .message-out`)}
function yt(e,t){let n=W(e,t)??t,r=wt(e,n),a=e=>!i(r,e),o=Tt(t,a),s=Et(e,n,o,a),c=e=>a(e)&&!i(s,e);return{reading:e,row:t,bubble:n,pre:o,body:s,meta:e.one(`row.meta`,n,c),free:c,outside:a}}
function bt(e){let{reading:t,bubble:n,free:r}=e,a=t.one(`row.author`,n,r),o=R(n,e=>r(e)&&!i(a,e)),s=o.filter(e=>!d.forwarded.includes(F(e.text)));return{all:o,drawn:s,author:a,kind:ut(e,c(e.body,I)??Ot(e),s)}}
function xt(e,t,n){let r=yt(e,t);return ot(r,bt(r).kind,n)}
function St(t,n,a){let{reading:o,row:s,bubble:l,pre:u,free:d,outside:f}=t,p=vt(s),m=wt(o,l),{all:h,drawn:g,author:_,kind:v}=bt(t),y=me(c(t.body??(v===`none`&&u?Dt(o,u,f):null),I)??(v===`none`?Ot(t):``)),b=v===`poll`&&y.text===``?kt(g):y.text,x=pt(t,v,g),S=At(t,x.clock),C=w(t.meta??l,`ack`,d),ne=Ft(p,f),re=It(p,d);Ct(t,v,x.clock,ne,re),!u&&v===`none`&&o.missing(`row.pre`),b===``&&v===`none`&&o.missing(`row.text`);let E=C&&r(C.element,`[aria-label]`);return{row:`message`,id:n,drawn:!0,text:[`deleted`,`undecrypted`,`view_once`,`call`].includes(v)?``:b,cut:y.cut||Rt(t)!==void 0||void 0,kind:v,class:Pt(s),tail:ne,status:C&&!0,author_label:re,author:c(_,e=>N(L(e)))||void 0,pre:c(u,t=>N(e(t,`data-pre-plain-text`))),side:Lt(l,u,a),clock:x.clock?.text,ack_label:E&&i(p,E)?N(e(E,`aria-label`)):void 0,ack_icon:C&&ee(C,`ack`),ack_colours:C&&te(C.element),failed:T(p,`failed`,d)||o.has(`row.refused`,p)||void 0,quoted:c(m,e=>zt(o,e)),meta:c(S,e=>jt(e,d,x.clock)),meta_labels:c(S,Nt),starred:Mt(S,`starred`),pinned:Mt(S,`pinned`),forwarded:o.one(`row.forwarded`,l,d)!==null||T(l,`forwarded`,d)||h.length>g.length||void 0,reactions:Bt(o,p,d),media:x.media}}
function Ct({reading:e,row:t,bubble:n,pre:i,body:a,free:o,outside:s},c,l,u,d){let f=c===`none`&&(i||a);i&&(e.must(`row.bubble`,r(t,`.message-in, .message-out`)?.parentElement??t),e.tally(`row.tail`,u!==void 0),e.tally(`row.label`,d!==void 0)),l&&i&&e.expects(`row.meta`)&&e.must(`row.meta`,n,o),f&&e.tally(`row.pre`,i!==null),f&&i&&Ot({bubble:n,outside:s})===``&&e.must(`row.body`,n,s)}
function wt(t,r){return t.one(`row.quoted`,r)??n(r,`[aria-label]`).find(t=>d.quoted.includes(F(e(t,`aria-label`))))??t.one(`row.quoted_loose`,r)}
function Tt(t,i){return[r(t,_t),...n(t,_t)].find(t=>t&&/^\s*\[/.test(e(t,`data-pre-plain-text`))&&i(t))??null}
function Et(e,t,n,a){let o=e.one(`row.preview_card`,t),s=e=>a(e)&&e!==n&&!e.hasAttribute(`data-pre-plain-text`)&&!e.hasAttribute(`title`)&&!i(o,e)&&!r(e,gt);return e.one(`row.body`,n,s)??e.one(`row.body`,t,s)}
function Dt(t,n,i){return t.one(`row.body_loose`,n,t=>i(t)&&!t.hasAttribute(`title`)&&!r(t,gt)&&!e(n,`data-pre-plain-text`).trimEnd().endsWith(`] ${t.textContent}:`)&&!Te.test(P(a(t)).slice(0,20)))}
function Ot({bubble:t,outside:i}){return n(t,`img[data-plain-text], img.emoji[alt]`).filter(e=>i(e)&&!r(e,`[data-testid=reaction-bubble], button`)).map(t=>t.getAttribute(`data-plain-text`)??e(t,`alt`)).join(``)}
function kt(e){let t=e.find(({element:e})=>!r(e,`[data-testid^=poll-option], button`));return t?I(t.element):``}
function At({bubble:e,body:t,meta:n},r){if(n||!r)return n;let a=r.element.parentElement;return a?.childElementCount===1&&a!==e&&(a=a.parentElement),!a||a===e||t&&i(a,t)?r.element:a}
function jt(e,t,n){return R(e,t).map(e=>e.text).filter(e=>e!==n?.text).slice(0,8)}
function Mt(e,t){return e&&T(e,t)||void 0}
function Nt(t){let r=n(t,`[aria-label]`).map(t=>e(t,`aria-label`));return r.length===0?void 0:r.slice(0,8).map(N)}
function Pt(e){return c(r(e,`.message-in, .message-out`)??t(e,`.message-in, .message-out`),({classList:e})=>e.contains(`message-out`)?`out`:`in`)}
function Ft(e,t){return[`out`,`in`].find(n=>T(e,`tail_${n}`,t))}
function It(t,r){return c(n(t,`span[aria-label]`).find(t=>/[:：]\s*$/.test(e(t,`aria-label`))&&r(t)),t=>N(e(t,`aria-label`).trim()))}
function Lt(e,t,n){if(!(n.width<=0))for(let r of[e,t,e.firstElementChild]){if(!r||getComputedStyle(r).display===`inline`)continue;let e=s(r);if(e.width<=0||e.width>n.width*.9)continue;let t=(e.left+e.width/2-(n.left+n.width/2))/n.width;if(!(Math.abs(t)<.03))return t>0===oe()?`start`:`end`}}
function Rt({bubble:e,outside:t}){return n(e,l).find(e=>t(e)&&xe(e))}
function zt(e,n){let r=n.matches(`.quoted-mention`)?n:t(n,`.quoted-mention`),a=e=>t=>!e||!(i(e,t)||i(t,e)),o=e.one(`row.author`,n,a(r))??e.one(`quoted.author`,n,a(r)),s=a(o),l=r??e.one(`row.body`,n,s);return{sender:N(c(o,L)??``)||void 0,text:me(c(l,I)??R(n,s).map(e=>e.text).join(` `)).text}}
function Bt(t,n,i){let a=t.all(`row.reactions`,n,e=>i(e)&&!r(e,`[data-testid=msg-container]`)).map(t=>N(e(t,`aria-label`))).filter(e=>e!==``);return a.length===0?void 0:a.slice(0,20)}
function Vt(e){let t=e.attribute(`screen.link_code`)?.replaceAll(`,`,``);return t&&/^\w{8}$/.test(t)?t:void 0}
function Ht(){let e=new M,t=e.one(`login.field`),n=e.one(`login.next`),i=O(`button, [role=button]`).findLast(e=>y(F(a(e)),d.phone_login))??e.one(`login.offer`),o=`none`;return e.has(`screen.main`)||(Vt(e)?o=`code`:t&&e.has(`screen.phone_login`)?o=`form`:i&&(o=`offer`)),{stage:o,offer:z(i),field:z(t),value:t instanceof HTMLInputElement?t.value.slice(0,100).toWellFormed():``,focused:t!==null&&k()===t,next:z(n&&(r(n,`button, [role=button]`)??n)),refused:e.has(`login.refused`)}}
function Ut(){let e=new M,t=Wt(e),n=t===`main`;return{v:1,kind:`state`,visible:A(),generation:le(),lang:j(),screen:t,qr:t===`qr`?Zt(e):void 0,link_code:t===`phone_login`?Vt(e):void 0,sync_percent:t===`syncing`||n?tn(e,n):void 0,own_title:n?rn(e):void 0,offline:n&&an(e),dialog:n||t===`unknown`?cn(e):void 0}}
function Wt(e){let t=ae();if(!t)return`blank`;let n=Kt(e);if(n)return n;if(e.has(`screen.loading`))return tn(e,!1)===void 0?`startup`:`syncing`;if(e.has(`screen.main`))return`main`;if(e.has(`screen.phone_login`))return`phone_login`;let r=Yt(e);return r?Xt(e,r):Gt(t)}
function Gt(e){let n=D(`#app`);if(D(`#wa_web_initial_startup`))return`startup`;let r=F(a(e).slice(0,2e4));if(/google chrome \d+\+/.test(r)||!n&&y(r,d.unsupported))return`unsupported`;let i=[[`phone_login`,d.phone_code],[`qr_wait`,d.login],[`blocked`,d.blocked],[`passkey`,d.passkey],[`offline`,d.offline],[`logged_out`,d.logged_out]];for(let[e,t]of i)if(y(r,t))return e;return!n||n.childElementCount===0||r===``?`blank`:t(n,`progress, [role=progressbar]`)?`startup`:`unknown`}
function Kt(e){if(Jt(e).some(qt))return`another_session`;let t=e.one(`dialog.confirm`);return!t||e.has(`screen.main`)||e.has(`screen.qr_value`)?null:e.has(`dialog.ok`,t)&&e.has(`dialog.cancel`,t)?`conflict`:null}
function qt(e){return y(F(a(e)),d.dialogs.use_here??[])}
function Jt(e){let t=[...new Set([...e.all(`dialog`),...e.all(`dialog.confirm`)])];return t.filter(e=>!t.some(t=>t!==e&&i(t,e)))}
function Yt(e){return e.one(`screen.qr`)??e.one(`screen.qr_value`)}
function Xt(e,t){return $t(t)||Qt(t)?`qr_idle`:Zt(e)?`qr`:`qr_wait`}
function Zt(e){let t=e.attribute(`screen.qr_value`);return t&&t.length<=2e3&&/^(2@|https:\/\/wa\.me\/)/.test(t)?t.toWellFormed():void 0}
function Qt(e){let n=o(e)===`CANVAS`?e:t(e,`canvas`);for(let t=n;t;t=t.parentElement){let n=getComputedStyle(t).opacity;if(n!==``&&Number(n)<.3)return!0;if(t===e)break}return!1}function $t(e){let n=e.matches(`button`)?e:t(e,l);if(n)return n;for(let t=e.parentElement,n=0;t&&n<3;t=t.parentElement,n++){let e=w(t,`refresh`)?.element.closest(l);if(e)return e}return null}
function en(){let e=new M,t=Yt(e);return z(t&&!e.has(`screen.main`)?$t(t):null)}
function tn(e,t){if(!t){let t=e.one(`screen.loading`);return nn(a(t&&o(t)===`PROGRESS`?t.parentElement:t))}for(let t of O(`#side [data-testid^=chat-butterbar], #side [data-testid*=sync]`).concat(e.all(`screen.banner`))){let e=nn(a(t));if(e!==void 0)return e}}
function nn(e){let t=/(\d{1,3})\s?%|%\s?(\d{1,3})/.exec(e.slice(0,5e3)),n=Number(t?.[1]??t?.[2]??NaN);return n>=0&&n<=100?n:void 0}
function rn(n){return N(e(t(n.one(`list.yourself`),`span[title]`),`title`))||void 0}
function an(e){if(e.has(`screen.offline_banner`))return!0;let t=D(`#side`);return t?on(e.one(`list.grid`,e.one(`list.pane`)),t).some(e=>T(e,`offline`))?!0:e.all(`screen.banner`).some(e=>y(F(a(e)),d.offline)):!1}
function on(e,t){if(!e||!i(t,e))return[t];let n=[];for(let r=e;r&&r!==t;r=r.parentElement)n.push(...[...r.parentElement?.children??[]].filter(e=>e!==r));return n}
function sn(){return cn(new M)??{present:!1,x:0,y:0}}
function cn(e){let t=Jt(e).at(-1);if(!t)return;let n=F(a(t)).slice(0,500),r=ln(e,t,n),{x:i,y:o}=z(r?un(e,t):null);return{present:!0,...r?{known:r}:{text:N(n)},x:i,y:o}}
function ln(e,t,n){return e.has(`dialog.continue`,t)?`fresh_look`:Object.entries(d.dialogs).find(([,e])=>y(n,e??[]))?.[0]}
function un(e,i){let a=e.one(`dialog.continue`,i)??t(i,`[data-testid=popup-controls-ok]`);return a?r(a,`button, [role=button]`)??t(a,`button, [role=button]`)??a:n(i,`button, [role=button]`).at(-1)??null}
function dn(){let e=new M;for(let t of Jt(e))if(qt(t))return z(n(t,`button, [role=button]`).findLast(qt)??un(e,t));return z(null)}
function G(e){return e.one(`main`)}
function fn(e){return e.must(`header`,G(e))}
function pn(e=new M){let n=fn(e);if(!n)return{present:!1,title:``};let r=e.must(`header.title`,n,e=>mn(e)!==``),a=c(r,mn)??``;return a===``&&e.missing(`header.title`),{present:!0,title:a,subtitle:N(c(e.one(`header.subtitle`,n,e=>!i(r,e)),e=>e.getAttribute(`title`)??t(e,`[title]`)?.getAttribute(`title`)??L(e))??``)||void 0}}
function mn(e){return N((e.hasAttribute(`title`)?e:t(e,`span[title][dir=auto]`))?.getAttribute(`title`)||P(I(e)))}
function K(e){let t=G(e);if(!t)return null;let r=n(t,`[data-id]`),a=e=>r.every((t,n)=>n>0&&n<r.length-1||i(e,t));return e.must(`messages.box`,t,a)??hn(e.one(`messages.list`,t,a)??gn(r))}
function hn(e){for(let t=e;t&&t.id!==`main`;t=t.parentElement)if(/auto|scroll/.test(getComputedStyle(t).overflowY))return t;return e}
function gn(e){let t=e.at(-1),n=(e[0]?.closest(`[role=row]`)??e[0])?.parentElement??null;for(;n&&t&&!i(n,t);)n=n.parentElement;return n}
function q(n){let r=[],i=(n,a)=>{for(let o of n.children){let n=e(o,`data-id`);n?r.push({element:o,id:n}):a<30&&t(o,`[data-id]`)?i(o,a+1):r.push({element:o})}};return i(n,0),r}
function _n(e=new M,t,n){let r={v:1,kind:`conversation`,visible:A(),open:!1,lang:j(),title:``,rows:[],at_start:!1,at_end:!1,offline:!1,writable:!1},i=K(e),a=pn(e);if(!a.present||!i)return G(e)?{...r,health:e.report}:r;let o=q(i),s=t===void 0?0:o.findIndex(({id:e})=>e&&xn(e,t))+1;if(t!==void 0&&s===0)return null;let l=n===void 0?Tn(e,o.slice(s)):o.slice(n.from,n.from+n.count),u=r.visible?Sn(e,l,i):[],d=i.scrollHeight-i.scrollTop-i.clientHeight<24;G(e)?.querySelector(`[contenteditable=true]`)&&e.must(`composer`,G(e));let f=bn(e),p={...r,open:!0,title:a.title,subtitle:a.subtitle,avatar:vn(e),composer_label:c(f,yn),rows:u,at_start:u.some(e=>e.row===`start`),at_end:d,offline:an(e),writable:f!==null,health:e.report};return n===void 0?Mn(p):{...p,pieces:o.length}}
function vn(e){let t=fn(e);return t===null?void 0:Ye(t)}
function yn(e){return e.getAttribute(`aria-label`)?.slice(0,1e3).toWellFormed()}
function bn(e){return e.one(`composer`,G(e))}
function J(e){return/^(?:true|false)_[^_]*@[^_]*_([^_]+)/.exec(e)?.[1]??e}
function xn(e,t){return e===t||J(e)===J(t)}
function Sn(e,n,r){let i=s(r),a=[],o=new Set;for(let{element:t,id:r}of n)if(r)o.has(r)||r.length>300||(o.add(r),a.push(e.once(r,t,()=>U(e,t)?En(e,t,r.toWellFormed(),i):Cn(r))));else{let n=e.once(`between`,t,()=>jn(e,t));n&&a.push(n)}let c=a.filter(e=>e.id&&e.drawn);return e.report.rows_seen+=c.length,e.report.rows_read+=c.filter(wn).length,(o.size>0||t(r,`[data-pre-plain-text]`))&&e.tally(`row.id`,o.size>0),c.length>0&&e.report.rows_read===0&&(e.report.alarm=!0),a}
function Cn(e){return{row:`message`,id:e,drawn:!1}}
function wn(e){return e.row!==`message`||e.text!==``||e.kind!==`none`||e.clock!==void 0}
function Tn(e,t){if(t.length<=1400)return t;let n=t.findIndex(({id:t,element:n})=>t&&U(e,n)),r=Math.max(0,Math.min(n<0?t.length:n-100,t.length-De));return t.slice(r,r+De)}
function En(e,t,n,r){if(e.has(`row.notice`,t)&&!W(e,t)&&!Dn(e,t))return An(e,t,n);let i=yt(e,t),a=St(i,n,r),o=i.bubble===t&&!i.pre&&!/\bmessage-(in|out)\b/.test(t.className),s=a.kind===`none`&&a.status===void 0,c=o&&(s&&(a.text===``||a.clock===void 0&&a.tail===void 0)||e.has(`row.card`,t)),l=e.has(`row.subtype`,t)&&!i.pre&&s;return c||l?An(e,t,n):a}
function Dn(e,t){return e.has(`kind.call`,t)||!e.has(`row.subtype`,t)&&y(F(L(t)),d.call)&&!On(t)}
function On(e){return y(F(L(e)),d.encryption)}
function kn(e){return N(L(e)).slice(0,1e3).toWellFormed()}
function An(e,t,n){let r=e.attribute(`row.subtype`,t)?.replace(/^subtype-/,``);return{row:On(t)?`start`:`notice`,id:n,drawn:!0,text:kn(t),subtype:c(r,N)}}
function jn(e,n){let r=L(n);if(r!==``)return n.matches(`[data-testid=msg-notification-container]`)||e.has(`row.notice`,n)||y(r.toLowerCase(),d.encryption)&&r.length>40?An(e,n):n.matches(`span[aria-live=polite]`)||e.has(`row.divider`,n)?{row:`divider`,drawn:!0,text:N(r)}:r.length>60||t(n,`button, [role=button], progress`)?{row:`notice`,drawn:!0,text:kn(n)}:{row:`marker`,drawn:!0,text:N(r)}}
function Mn(e){let t=Ee(e);for(let n=0;t>9e5&&n<e.rows.length-1;n++){let r=e.rows[n];r?.id&&r.drawn&&(t-=Ee(r)-60,e.rows[n]=Cn(r.id))}return e}var Nn=`input:not([type=radio]), [contenteditable=true]`,Pn=`${l}, [role=menuitem], [role=checkbox], [role=radio], [type=radio], ${Nn}, [aria-live]`;
function Fn(e,t){return(e===null?[]:q(e)).find(({id:e})=>e!==void 0&&xn(e,t))?.element}
function In({key:e,show:t}){let n=new M,r=K(n),i=Fn(r,e);if(r===null||i===void 0)return{found:!1};let a=s(r);t&&(r.scrollTop+=s(i).top-a.top-Math.max(90,(a.height-s(i).height)/2));let o=U(n,i),c=s(o&&W(n,i)||i),l=Math.max(c.top,a.top),u=Math.min(c.bottom,a.bottom);return{found:!0,drawn:o,seen:u-l>=Math.min(c.height,40)&&c.top>=a.top+20,x:c.left+c.width/2,y:Math.min((l+u)/2,l+60)}}
function Ln(e,t){let n=Fn(K(e),t);return n&&(r(n,`[role=row]`)??n)}
function Rn(r){let a=r.matches(Nn),o=[...[r,...n(r,`[data-testid]`)].map(t=>e(t,`data-testid`)),...b(r).flatMap(e=>e.names)].filter(e=>e!==``),s=[`aria-pressed`,`aria-checked`,`aria-expanded`].map(t=>e(r,t)).find(Boolean),{checked:c,value:l}=r;return{...z(r),role:e(r,`role`)||r.localName,label:N(e(r,`aria-label`)||e(t(r,`[title]`),`title`)||L(r)),names:[...new Set(o)].slice(0,12).map(e=>e.slice(0,80)),on:r.matches(`[type=radio]`)?c:s&&s===`true`,off:r.matches(`:disabled, [aria-disabled=true]`),text:a?N(l??Ce(r)):void 0,focused:a&&i(r,k()),live:r.hasAttribute(`aria-live`)}}
function zn({field:e,key:t=``}){let r=new M,i=e===`row`?Ln(r,t):r.all(e).at(-1),a=i===void 0?[]:n(i,Pn);return{present:i!==void 0,text:i===void 0||e===`row`?``:N(L(i).slice(0,300)),controls:a.slice(0,120).map(Rn)}}var Bn={messageRow:In,controls:zn};
function Vn(e,t){let n=K(e);for(let{id:r,element:i}of n===null?[]:q(n).reverse()){if(r===void 0||!t(J(r))||!U(e,i))continue;let n=Rt(yt(e,i));if(n)return{key:J(r),button:n}}return null}
function Hn({skip:e}){let t=Vn(new M,t=>!e.includes(t));return t?.button.scrollIntoView({block:`center`,behavior:`instant`}),{...z(t?.button??null),key:t?.key.toWellFormed()??``}}var Un=5e3,Wn=[`pointerdown`,`mousedown`,`pointerup`,`mouseup`,`click`],Y;
function Gn(e){return/^\+[\d\s().\-\u2010-\u2013]+$/.test(P(e))?e.replace(/\D/g,``):``}
function Kn(t,n,{title:r,phone:i}){let a=Oe(t,n),o=t=>a.filter(n=>t(e(n.title,`title`))),s=o(e=>P(e)===P(r)),c=i?.replace(/\D/g,``);return s.length>0||!c?s:o(e=>Gn(e)===c)}
function qn(e){let t=new M;if(`more`in e)return Vn(t,t=>t===e.more)?.button;if(`row`in e)return Ln(t,e.row);let n=B(t),r=n===null?[]:Kn(t,n,e);return r.length===1?r[0]?.element:void 0}
function Jn(e){return Y={at:e,until:performance.now()+Un,stopped:!1},!0}
function Yn(){let e=Y?.stopped??!0;return Y=void 0,{stopped:e}}
function Xn(e){Y===void 0||performance.now()>Y.until||i(qn(Y.at),e.target)||(Y.stopped=!0,e.stopImmediatePropagation(),e.preventDefault())}
function Zn(){for(let e of Wn)globalThis.addEventListener(e,Xn,{capture:!0})}
function Qn(){let e=new M;return er(e.one(`attach.button`,G(e)))}function $n({kind:e}){return er(new M().one(`attach.${e}`))}
function er(e){let t=e&&(r(e,`button, [role=button], [role=menuitem]`)??e),n=z(t),a=t&&document.elementFromPoint(n.x,n.y);return a&&(i(t,a)||i(a,t))?n:z(null)}
function tr(){let t=K(new M);for(let a of O(`[contenteditable=true]`)){if(r(a,`footer, #side`)!==null||s(a).height===0)continue;let o=a;for(let e=a.parentElement;e&&e.id!==`main`&&!(t&&i(e,t));e=e.parentElement)o=e;let c=nr(o);if(c===null)continue;let l=/\d+/.exec(L(c)),u=n(o,`[title]`).map(t=>N(e(t,`title`)));return{...z(a),text:Ce(a).toWellFormed(),focused:i(a,k()),send:er(c),count:l?Number(l[0]):1,names:u.filter(e=>e!==``).slice(0,20)}}return z(null)}
function nr(e){let t=v(`send`),n=b(e).find(e=>e.names.some(e=>t.has(e))&&r(e.element,`footer`)===null);return n?r(n.element,l):null}var rr=[`style`,`aria-rowcount`],ir=`[data-id], [role=row], [role=listitem]`,ar=class{generation=``;known=new WeakMap;forget(){this.known=new WeakMap}of(e,t,n){let r=this.known.get(t);r||(r=new Map,this.known.set(t,r));let i=r.get(e)??n();return r.set(e,i),i}touched(e,i){let a=r(e,`[role=row]`);if(!i||!rr.includes(i)||e!==a&&r(e,ir)){for(let t=e;t;t=t.parentElement)this.known.delete(t);if(a)for(let e of n(a,`[data-id]`))this.known.delete(e);else i&&t(e,ir)&&this.forget()}}},or=30,sr={state:30,list:100,conversation:100},cr=5e3,lr=200,ur=[`state`,`list`,`conversation`].map(e=>({kind:e,dirty:!0,last:-1e3,hash:``})),dr=new ar,X={},fr=``,Z,pr=0;
function mr(){let e=globalThis.qnObserve;return typeof e==`function`?e:void 0}
function hr(e){let t=3735928559,n=1103547991;for(let r=0;r<e.length;r++){let i=e.charCodeAt(r);t=Math.imul(t^i,2654435761),n=Math.imul(n^i,1597334677)}return`${e.length}:${(t>>>0).toString(36)}${(n>>>0).toString(36)}`}
function gr(){let e=[X.list,X.conversation].filter(e=>e!==void 0);return e.reduce(ce,se(e[0]?.generation??`unknown`))}
function _r(e){if(e===`state`)return Ut();let t=new M(dr);if(e===`list`){let{health:e,...n}=V(t);return X.list=e,n.present?n:void 0}if(!A())return;let{health:n,...r}=_n(t)??{open:!1};return X.conversation=n,r.open?r:void 0}var vr=1500,Q;
function yr(e){return e.screen===`unknown`?(Q??=performance.now(),performance.now()-Q<vr):(Q=void 0,!1)}
function br(e,t){let n=_r(e.kind);if(e.kind===`state`&&n!==void 0&&yr(n)){e.dirty=!0;return}if(n===void 0){e.hash=``;return}let r=JSON.stringify(n),i=hr(r.replace(/"look":\d+/,``));i!==e.hash&&(t(r),e.hash=i)}
function xr(e){let t=JSON.stringify({v:1,kind:`health`,health:gr()}),n=hr(t);n===fr||X.list===void 0&&X.conversation===void 0||(e(t),fr=n)}
function Sr(){Z=void 0;let e=mr();if(e===void 0){Cr(lr);return}let t=performance.now(),n;for(let r of ur){if(!r.dirty)continue;let i=r.last+sr[r.kind]-t;if(i>0)n=Math.min(n??i,i);else{r.dirty=!1,r.last=t;try{br(r,e)}catch{r.hash=``}}}try{xr(e)}catch{fr=``}Q!==void 0&&(n=Math.min(n??vr,vr/5)),n!==void 0&&Cr(n)}
function Cr(e){let t=performance.now()+e;Z!==void 0&&pr<=t||(clearTimeout(Z),pr=t,Z=setTimeout(Sr,e))}
function wr(...e){for(let t of ur)e.includes(t.kind)&&(t.dirty=!0);Cr(or)}function $(){dr.forget(),wr(`state`,`list`,`conversation`)}
function Tr(e){if(e.length>200){$();return}let t=new Set;for(let{target:n,attributeName:i}of e){let e=n instanceof Element?n:n.parentElement;if(!e){$();return}if(dr.touched(e,i),r(e,`#pane-side`))t.add(`list`);else if(r(e,`#main`))t.add(`conversation`);else for(let{kind:e}of ur)t.add(e)}wr(...t)}
function Er(){X.list=void 0,X.conversation=void 0;for(let e of ur)e.hash=``;$()}
function Dr(){new MutationObserver(Tr).observe(document,{subtree:!0,childList:!0,characterData:!0,attributes:!0});let e=()=>wr(`list`,`conversation`);for(let t of[`scroll`,`input`])document.addEventListener(t,e,{capture:!0,passive:!0});document.addEventListener(`transitionend`,({target:t})=>{t instanceof Element&&dr.touched(t),e()}),addEventListener(`resize`,$),document.addEventListener(`visibilitychange`,$),document.addEventListener(`readystatechange`,$),setInterval($,cr),$()}var Or={found:`none`,x:0,y:0,position:0,clickable:!1,top:0,height:0,inView:!1,selected:!1};
function kr({title:e,phone:t}){let n=new M,r=B(n);if(!r)return Or;let i=Kn(n,r,{title:e,phone:t}),a=i[0];if(!a)return Or;let o=n.one(`list.cell`,a.element)??a.element,{x:c,y:l}=z(o),u=s(r),d=s(o).height>0&&l>u.top&&l<u.bottom&&c>u.left&&c<u.right;return{found:i.length===1?`one`:`many`,x:c,y:l,position:a.position,clickable:i.length===1&&d&&Ar(o,a.element,{x:c,y:l})&&jr(n,r,a.element,a.y),top:a.y,height:a.height,inView:d,selected:He(a.element)}}
function Ar(e,t,n){return getComputedStyle(e).pointerEvents!==`none`&&i(t,document.elementFromPoint(n.x,n.y))}
function jr(e,t,n,r){let i=e.one(`list.grid`,t);if(!i)return!0;let a=s(n).top,o=e=>Math.abs(a-s(e).top-r)<3;return o(n.parentElement??i)||o(i)||!/translate/.test(n.style.transform)}
function Mr(e){let{scrollTop:t,scrollHeight:n,clientHeight:r}=e??{scrollTop:0,scrollHeight:0,clientHeight:0};return{...z(e),scrollTop:t,scrollHeight:n,clientHeight:r}}
function Nr(e,t){return e?.scrollTo({top:t===`end`?e.scrollHeight:Number(t)||0,behavior:`instant`}),Mr(e)}
function Pr(){let t=bn(new M),n=c(t,Ce)?.toWellFormed()??``,r=k();return{...z(t),writable:t!==null&&e(t,`aria-disabled`)!==`true`,text:n,empty:n===``,focused:r!==null&&i(t,r),hasDraft:n!==``,label:c(t,yn)}}
function Fr(){let e=new M,t=e.one(`send`,G(e),e=>!T(e,`microphone`));return z(t?.closest(`button, [role=button]`)??t)}
function Ir(){let e=new M,t=K(e);if(!t)return null;let n=q(t).findLast(({id:t,element:n})=>t&&(!U(e,n)||!e.has(`row.notice`,n)));return n?.id?{key:J(n.id).toWellFormed(),direction:Lr(n.id,n.element)}:null}
function Lr(e,n){return e.startsWith(`true_`)||t(n,`.message-out`)||T(n,`tail_out`)||T(n,`ack`)?`out`:e.startsWith(`false_`)||t(n,`.message-in`)||T(n,`tail_in`)?`in`:`unknown`}
function Rr({key:e,place:t}){let n=new M,{title:r}=pn(n),i=(c(K(n),q)??[]).find(({id:t,element:r})=>t&&xn(t,e)&&U(n,r));return i?{title:r,drawn:!0,...xt(n,i.element,t)}:{title:r,drawn:!1}}var zr={state:Ut,list:()=>V(),conversation:()=>_n(),chats:e=>V(new M,void 0,e),archive:(e,t=new M)=>V(t,Fe(t),e),rows:e=>_n(new M,void 0,e),chatRow:kr,takeAim:Jn,aimed:Yn,folded:Hn,listBox:()=>Mr(B(new M)),conversationBox:()=>Mr(K(new M)),scrollListTo:({top:e})=>Nr(B(new M),e),scrollConversationTo:({top:e})=>Nr(K(new M),e),attachButton:Qn,attachItem:$n,composer:Pr,preview:tr,sendButton:Fr,lastMessage:Ir,...Bn,media:Rr,messages:({after:e})=>_n(new M,e??void 0)??{error:`after_not_found`},phoneLogin:Ht,qrReload:en,useHere:dn,dialog:sn,header:()=>pn(),visible:A,useProfiles:e=>(m(e),Er(),!0)};
function Br(){let e={};for(let[t,n]of Object.entries(zr))e[t]=e=>{try{return n(e??{})??null}catch(e){return{error:`${t}: ${e instanceof Error?e.message:``}`.slice(0,200).toWellFormed()}}};return e}var Vr=globalThis;Vr.__qn===void 0&&globalThis.top===globalThis.self&&(Vr.__qn=Br(),Zn(),Dr())})();