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
function E(e,t){let n=v(t);return e.names.filter(e=>n.has(e)).join(` `)}
function ee(e){let n=o(e)===`SVG`?e:t(e,`svg`),r=t(n,`path`),i=new Set;for(let t of[e,n,r]){if(!t)continue;let e=getComputedStyle(t);e.color&&i.add(e.color),t===r&&e.fill&&i.add(e.fill)}return[...i].slice(0,6).map(e=>e.slice(0,80))}var te=Document.prototype.querySelector,D=Document.prototype.querySelectorAll;
function O(e,t){for(let t=Document.prototype;t!==null;t=Object.getPrototypeOf(t)){let n=Object.getOwnPropertyDescriptor(t,e)?.get;if(n!==void 0)return n.call(document)}return t}
function k(e){try{return te.call(document,e)}catch{return null}}
function ne(e){try{return[...D.call(document,e)]}catch{return[]}}
function re(){return O(`documentElement`,null)}
function ie(){return O(`body`,null)}
function ae(){return O(`activeElement`,null)}
function A(){return O(`visibilityState`,`hidden`)===`visible`}
function j(){return re()?.getAttribute(`lang`)?.slice(0,40)||void 0}
function oe(){return re()?.getAttribute(`dir`)===`rtl`}
function se(){for(let e of f)if(e.detect.some(e=>k(e)!==null))return e.generation;return`unknown`}var M=class{report;order;cache=new Map;constructor(e=se()){S(),this.order=[...f].sort((t,n)=>Number(n.generation===e)-Number(t.generation===e)),this.report={generation:e,rows_seen:0,rows_read:0,anchors:{},empty:{},tallies:{},alarm:!1}}anchors(e){let t=this.cache.get(e);return t||(t=this.order.flatMap((t,n)=>(t.fields[e]??[]).map(e=>[e,n===0])),this.cache.set(e,t)),t}hit(e,t){this.report.anchors[e]??=t}one(e,t,n){return this.look(e,t,n,!1)}must(e,t,n){return this.look(e,t,n,!0)}expects(e){return this.anchors(e).some(([,e])=>e)}look(e,t,n=()=>!0,r){if(t===null)return null;let i=new Set;for(let[[a,o],s]of this.anchors(e)){let c=N(o,t).find(n);if(!c)s&&i.add(a);else return this.hit(e,a),s&&i.delete(a),r?this.tally(e,!0,s?[a]:[],i):s&&this.tally(`${e}:${a}`,!0),c}return r&&this.tally(e,!1,[],i),null}tally(e,t,n=[],r=[]){this.report.tallies[e]??=[0,0],this.report.tallies[e][+!t]+=1;for(let t of n)this.tally(`${e}:${t}`,!0);for(let t of r)this.tally(`${e}:${t}`,!1)}all(e,t,n=()=>!0){if(t===null)return[];for(let[[r,i]]of this.anchors(e)){let a=N(i,t).filter(n);if(a.length>0)return this.hit(e,r),a}return[]}has(e,t){return this.one(e,t)!==null}attribute(t,n){for(let[[r,i,a]]of this.anchors(t)){let o=a&&N(i,n).find(e=>e.hasAttribute(a));if(o)return this.hit(t,r),e(o,a)}}missing(e){this.report.empty[e]=(this.report.empty[e]??0)+1,this.report.anchors[e]??=`none`}found(e,t){this.hit(e,t)}};
function N(e,t){try{return t?n(t,e):ne(e)}catch{return[]}}var ce=/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,le=3900,ue=69e3;
function P(e){return fe(e,le)}
function de(e){let t=fe(e,ue);return{text:t,cut:t.length<e.length}}
function fe(e,t){return e.slice(0,t).toWellFormed()}
function F(e){return e.replace(ce,``).normalize(`NFC`).replace(/\s+/g,` `).trim()}
function I(e){return F(e).toLowerCase()}var pe="${appText}",me=new Set([`P`,`DIV`,`LI`,`UL`,`OL`,`BLOCKQUOTE`,`PRE`]),he=new Set([`SVG`,`STYLE`,`SCRIPT`,`CANVAS`,`NOSCRIPT`,`TEMPLATE`,`VIDEO`,`AUDIO`]);
function L(e){let t=[];return ge(e,t,0),t.join(``)}
function ge(e,t,n){if(n>60)return;let r=!1;for(let i of e.childNodes){let e=[];i.nodeType===Node.TEXT_NODE?e.push(i.nodeValue??``):i.nodeType===Node.ELEMENT_NODE&&_e(i,e,n+1);let a=e.join(``);if(a===``)continue;let o=me.has(i.tagName?.toUpperCase());(o||r)&&t.length>0&&!ye(t)&&!a.startsWith(`
`)&&t.push(`
`),t.push(a),r=o}}
function _e(t,n,r){let i=o(t),a=e(t,`role`);if(i===`BR`){n.push(`
`);return}if(i===`IMG`){n.push(t.getAttribute(`data-plain-text`)??e(t,`alt`));return}if(he.has(i)||e(t,`aria-hidden`)===`true`||a===`gridcell`||i===`BUTTON`&&!t.hasAttribute(`data-plain-text`)||a===`button`&&ve(t))return;let s=t.getAttribute(`data-app-text-template`),c=[];ge(t,c,r);let l=c.join(``),u=e(t,`data-pre-plain-text`);u.startsWith(`[`)||n.push(u),n.push(s?.includes(pe)?s.replace(pe,()=>l):l)}
function ve(e){return d.read_more.includes(I(a(e).slice(0,60)).replace(/^[.…\s]+|[.…]+$/g,``))}
function ye(e){return e.findLast(e=>e!==``)?.endsWith(`
`)??!0}
function be(e){let t=[...e.children].filter(e=>me.has(o(e)));return t.length===0?xe(e):t.map(xe).join(`
`)}
function xe(e){let t=[];return ge(e,t,0),[...e.childNodes].findLast(({nodeType:e,nodeValue:t})=>e===Node.ELEMENT_NODE||e===Node.TEXT_NODE&&t!==``)?.nodeName.toUpperCase()===`BR`&&t.pop(),t.join(``)}
function R(e){return F(L(e))}var Se=/\d{1,2}[:.]\d{2}/;
function z(e,t){let n=[];for(let i of[e,...e.querySelectorAll(`*`)]){if(n.length>=60)break;let e=``;for(let t of i.childNodes)t.nodeType===Node.TEXT_NODE&&(e+=t.nodeValue);let a=e.length<400?F(e):``;a!==``&&!r(i,`svg, style, script, [aria-hidden=true]`)&&t(i)&&n.push({element:i,text:a})}return n}
function B(e){let t=c(e,s);return t?{present:!0,x:t.left+t.width/2,y:t.top+t.height/2}:{present:!1,x:0,y:0}}var Ce=1400;
function V(e){return e.one(`list.pane`)}
function we(e,t){let n=e.one(`list.grid`,t)??t,r=De(e.all(`list.row`,n));e.report.rows_seen+=r.length;let i=[],a=0;for(let t of r){let n=e.must(`list.title`,t,Ee);n?i.push({element:t,title:n,y:Oe(t),height:ke(t),position:0}):a+=1}i.sort((e,t)=>e.y-t.y),e.report.rows_seen-=i.length>0?a:0;let o=i[0],s=Te(i),c=o&&o.height>0&&o.y>=s?Math.round(o.y/s):0;return i.forEach((e,t)=>{e.position=c+t}),i}
function Te(e){let t=e.map(e=>e.height).filter(e=>e>0).sort((e,t)=>e-t);return t[Math.floor(t.length/2)]??76}
function Ee(t){return F(e(t,`title`))!==``&&r(t,`[data-testid=cell-frame-secondary]`)===null}
function De(e){let t=new Set(e);return e.filter(e=>{let n=e.parentElement;for(;n&&!t.has(n);)n=n.parentElement;return!n})}
function Oe(t){for(let n=t,r=0;n&&r<3;n=n.parentElement,r++){let r=/translate(?:Y\(|3d\([^,]+,|\([^,]+,)\s*(-?[\d.]+)px/.exec(n.style?.transform??``);if(r)return Number(r[1]);if(n!==t&&e(n,`role`)===`grid`)break}return s(t).top}
function ke(e){let t=Number.parseFloat(e.style?.height??``);return Number.isFinite(t)&&t>0?t:s(e).height}var Ae=2e3;
function je(e){return e.one(`list.archive`)}var Me=Array.from(crypto.getRandomValues(new Uint32Array(2)),e=>e.toString(36)).join(``),Ne=0;
function H(e=new M,t=V(e),n){let r=Pe(e,t,n);if(new TextEncoder().encode(JSON.stringify(r)).length>9e5)for(let e of r.rows)e.preview=e.preview?.slice(0,80).toWellFormed();return r}
function Pe(e,t,n){Ne+=1;let r={v:1,kind:`list`,document:Me,look:Ne,visible:A(),present:!1,searching:!1,lang:j(),complete:!1,rows:[]};if(!t)return n===void 0&&e.has(`screen.main`)?(e.must(`list.pane`),{...r,health:e.report}):r;n===void 0&&e.must(`list.pane`);let i=t.matches(`[role=grid]`)?t:e.must(`list.grid`,t),o=we(e,t),s=n?.from??0,c=o.slice(s,s+(n?.count??3e3)).map(t=>Le(e,t));o.length===0&&F(a(t))!==``&&e.must(`list.row`,i??t),o[0]&&(e.must(`list.row`,i??t),e.must(`list.cell`,o[0].element)),e.report.rows_read+=c.length,e.report.rows_seen>0&&c.length===0&&(e.report.alarm=!0);let l=Fe(i),u=t.scrollHeight<=t.clientHeight+1;return{...r,present:i!==null||c.length>0,searching:Ie(e),total:l,complete:l===void 0?u:c.length===l,rows:c,health:e.report}}
function Fe(e){let t=Number(e?.getAttribute(`aria-rowcount`)??NaN);return Number.isInteger(t)&&t>=0&&t<1e6?t:void 0}
function Ie(e){let t=e.must(`list.search`);return t?o(t)===`INPUT`?t.value.trim()!==``:F(a(t))!==``:!1}
function Le(t,n){let o=n.element,s=t.one(`list.preview`,o,e=>e!==n.title),l=s?.closest(`[data-testid=cell-frame-secondary]`)??t.one(`list.secondary`,o),u=w(o,`ack`),f=w(o,`media`,e=>!i(n.title,e)),p=I(c(l,R)??``),m=!s&&!t.has(`list.status`,o),h=m&&d.draft.some(e=>p.startsWith(e)&&/^\]?[:：]/.test(p.slice(e.length))),g=m&&!h&&Ve(p),_=!s&&!h&&!g&&l?L(l).trim():``,v=s?.getAttribute(`title`)??(_||void 0),y=Ue(t,o);return ze(t,l,n.title),v===void 0&&t.missing(`list.preview`),s||t.must(`list.secondary`,o),{title:P(e(n.title,`title`)),y:n.y,height:n.height,position:n.position,time:P(He(t,o)),preview:v?.slice(0,Ae).toWellFormed(),author:We(s??t.one(`list.status`,o),v??``),ack_icon:u&&E(u,`ack`),ack_colours:u?ee(u.element):[],media_icon:f&&E(f,`media`),unread_label:c(y,t=>P(e(t,`aria-label`)||a(t))),unread_badge:y!==null,pinned:T(o,`pinned`),muted:t.has(`list.muted`,o)||T(o,`muted`),archived:r(o,`[data-testid=drawer-left]`)!==null||Be(o,n.title,p),typing:g,draft:h,avatar:Ge(o),yourself:t.has(`list.yourself`,o),selected:Re(o)}}
function Re(e){return e.matches(`[aria-selected=true]`)||t(e,`[aria-selected=true]`)!==null}
function ze(e,t,n){if(t)for(let{element:r,names:a}of b(t))r.matches(`svg, [data-icon]`)&&!i(n,r)&&e.tally(`list.icon`,a.some(_))}
function Be(e,t,n){return!d.archived.includes(n)&&z(e,e=>!i(t,e)&&!r(e,`[title]`)).some(e=>d.archived.includes(I(e.text)))}
function Ve(e){let t=/^(.{1,80})(\.\.\.|…)$/.exec(e)?.[1];return t===void 0?!1:!d.languages.includes(j()?.split(`-`)[0]??``)||d.typing.some(e=>t.endsWith(e))}
function He(e,n){let r=e.must(`list.time`,n,e=>t(e,`[title]`)===null);return r||e.missing(`list.time`),c(r,R)??``}
function Ue(n,o){let s=n.one(`list.muted`,o),c=n.one(`list.unread`,o,n=>!(s&&i(n,s))&&!i(s,n)&&/^[\d+.,\s]*$/.test(a(n))&&!/mention|mute|pin/.test(e(n,`data-testid`))&&t(n,`svg, [data-icon]`)===null&&!n.matches(`[data-icon]`));return c?c.hasAttribute(`aria-label`)?c:t(c,`[aria-label]`)??r(c,`[aria-label]`)??c:null}
function We(e,t){if(!e)return;let n=L(e),r=n.indexOf(`:\xA0`);if(r<=0||r>80)return;let i=F(n.slice(0,r)),a=F(t);return i!==``&&!a.startsWith(`${i}:`)?P(i):void 0}
function Ge(e){return[`group`,`contact`].find(t=>T(e,t))}var Ke=/^data:image\/(jpeg|png|webp);base64,/,qe=120,Je=38e4,Ye=30,Xe=[`image`,`sticker`,`album`],Ze=[`video`,`gif`,`document`];
function Qe({reading:e,bubble:t,free:n},r){if(r===`album`){let r=e.all(`media.tile`,t,n);return r.filter(e=>!r.some(t=>t!==e&&i(t,e))).slice(0,Ye)}return[e.one(`kind.${r}`,t,n)??t]}function $e({free:e},t,n){let r=e=>[...n.querySelectorAll(e),...n.matches(e)?[n]:[]],i=(t,n)=>r(t).filter(t=>e(t)&&!t.hasAttribute(`data-plain-text`)).map(e=>e.getAttribute(n)??``).find(e=>e.startsWith(`blob:`)),a=i(`img[src^='blob:']`,`src`),o=i(`video[src^='blob:'], audio[src^='blob:'], source[src^='blob:']`,`src`);return{whole:Xe.includes(t)?a??(t===`album`?o:void 0):o??i(`a[href^='blob:']`,`href`),preview:(Ze.includes(t)?a:void 0)??(Xe.includes(t)||Ze.includes(t)?et(r,e):void 0)}}
function et(t,n){let r=t(`[style*='data:image']`).filter(n).map(e=>e.style.backgroundImage.replace(/^url\(["']?|["']?\)$/g,``)),i=t(`img[src^='data:image']`).filter(e=>n(e)&&!e.hasAttribute(`data-plain-text`)).map(t=>e(t,`src`));return[...r,...i].filter(e=>Ke.test(e)&&e.length>=qe&&e.length<=Je).sort((e,t)=>t.length-e.length)[0]}
function tt(e,t){return Qe(e,t).map(n=>{let{whole:r,preview:i}=$e(e,t,n);return r===void 0?i===void 0?`nothing`:`preview`:`whole`})}
function nt(e,t,n){let r=Qe(e,t)[n];return r===void 0?{}:$e(e,t,r)}var rt=[`poll`,`location`,`contact`,`album`,`sticker`,`gif`,`voice`,`video`,`audio`,`document`,`image`,`call`],it=/^\d{1,3}:\d{2}(:\d{2})?$/,at=/^\d[\d.,]*\s?([kmg]i?b|bytes|b)$/i,U=/^.{1,300}\.[a-z0-9]{1,5}$/i;
function ot(r,i,a){let{reading:o,bubble:s,row:c,free:l,pre:u}=r;if(T(c,`recalled`,l))return`deleted`;let f=n(s,`[aria-label]`).filter(l).map(t=>I(e(t,`aria-label`)));for(let e of rt){if(o.one(`kind.${e}`,s,l))return e;let t=d.kinds[e],n=T(s,e,l)?`icon`:t?.some(t=>f.includes(t)||e===`voice`&&y(f.join(`
`),[t]))?`label`:void 0;if(n)return o.found(`kind.${e}`,n),e}if(st(r,i,a))return`document`;if(!u){let e=I([i,...a.map(e=>e.text)].join(` `).slice(0,1e3));if(y(e,d.undecrypted))return`undecrypted`;if(y(e,d.view_once))return`view_once`;if(y(e,d.deleted))return`deleted`;if(i===``&&y(e,d.call))return`call`}let p=t(r.body,`a[href]`);return i===``&&o.one(`loose.location`,s,l)?`location`:!p&&o.one(`loose.image`,s,l)?`image`:`none`}
function st({bubble:t,free:r},i,a){let o=n(t,`[title]`).filter(r);return o.length===0?!1:a.some(e=>e.text.split(/\s[•·]\s|,\s/).some(e=>at.test(e)))||i===``&&o.some(t=>U.test(e(t,`title`)))}var ct=[`album`,`sticker`,`gif`,`voice`,`video`,`audio`,`document`,`image`];
function lt(e,t,n){let{clock:r,media:i}=ut(e,t,n);if(!ct.includes(t))return{clock:r,media:i};let a=n.filter(e=>e!==r).flatMap(e=>e.text.split(/\s[•·]\s|,\s/)).find(e=>at.test(e.trim()));return{clock:r,media:{...i,size:a&&P(a),files:tt(e,t)}}}
function ut(t,a,o){let{bubble:s,meta:c,free:l}=t,u=o.filter(({element:e,text:t})=>Se.test(t)&&t.length<30&&(!c||i(c,e))),d=[`voice`,`video`,`gif`,`audio`].includes(a),f=o.filter(({text:e})=>it.test(e)),p=d&&!c&&u.length===1&&f.length===1,m=p?void 0:u.at(-1),h=f.find(e=>e!==m&&(p||e.text!==m?.text)),g=n(s,`[title]`).filter(l).map(t=>e(t,`title`));if(a===`document`){let e=g.find(e=>U.test(e))??g.find(e=>e!==``)??dt(o);return{clock:m,media:e?{name:P(e)}:void 0}}if(a===`contact`){let e=o.find(e=>e!==m&&!r(e.element,`button`));return{clock:m,media:e&&{name:P(R(e.element))}}}let _=a===`audio`?g.find(e=>U.test(e)):void 0;return{clock:m,media:d&&(h??_)!==void 0?{name:_&&P(_),duration:h?.text}:void 0}}
function dt(e){return e.find(({text:e})=>U.test(e)&&!Se.test(e))?.text}var ft=`[data-testid=msg-meta], [data-testid=author], [data-testid=reaction-bubble], [data-testid=vcard-msg], [data-testid^=poll-option]`,pt=`[data-pre-plain-text]`;
function W(n,r){let i=r.matches(`[data-virtualized]`)?r:t(r,`[data-virtualized]`);return F(a(r))!==``||t(r,`img, canvas, svg`)?!0:e(i,`data-virtualized`)===`true`?!1:ht(n,r)!==null||n.has(`row.notice`,r)}
function mt(e){let t=r(e,`[role=row]`);return t&&n(t,`[data-id]`).every(t=>i(e,t))?t:e}
function ht(e,t){return e.one(`row.bubble`,t)??r(t,`.message-in, .message-out`)}
function gt(e,t){let n=ht(e,t)??t,r=xt(e,n),a=e=>!i(r,e),o=St(t,a),s=Ct(e,n,o,a),c=e=>a(e)&&!i(s,e);return{reading:e,row:t,bubble:n,pre:o,body:s,meta:e.one(`row.meta`,n,c),free:c,outside:a}}
function _t(e){let{reading:t,bubble:n,free:r}=e,a=t.one(`row.author`,n,r),o=z(n,e=>r(e)&&!i(a,e)),s=o.filter(e=>!d.forwarded.includes(I(e.text)));return{all:o,drawn:s,author:a,kind:ot(e,c(e.body,L)??Tt(e),s)}}
function vt(e,t,n){let r=gt(e,t);return nt(r,_t(r).kind,n)}
function yt(t,n,a){let{reading:o,row:s,bubble:l,pre:u,free:d,outside:f}=t,p=mt(s),m=xt(o,l),{all:h,drawn:g,author:_,kind:v}=_t(t),y=de(c(t.body??(v===`none`&&u?wt(o,u,f):null),L)??(v===`none`?Tt(t):``)),b=v===`poll`&&y.text===``?Et(g):y.text,x=lt(t,v,g),S=Dt(t,x.clock),C=w(t.meta??l,`ack`,d),te=Mt(p,f),D=Nt(p,d);bt(t,v,x.clock,te,D),!u&&v===`none`&&o.missing(`row.pre`),b===``&&v===`none`&&o.missing(`row.text`);let O=C&&r(C.element,`[aria-label]`);return{row:`message`,id:n,drawn:!0,text:[`deleted`,`undecrypted`,`view_once`,`call`].includes(v)?``:b,cut:y.cut||Ft(l,f)||void 0,kind:v,class:jt(s),tail:te,status:C&&!0,author_label:D,author:c(_,e=>P(R(e)))||void 0,pre:c(u,t=>P(e(t,`data-pre-plain-text`))),side:Pt(l,u,a),clock:x.clock?.text,ack_label:O&&i(p,O)?P(e(O,`aria-label`)):void 0,ack_icon:C&&E(C,`ack`),ack_colours:C&&ee(C.element),failed:T(p,`failed`,d)||void 0,quoted:c(m,e=>It(o,e)),meta:c(S,e=>Ot(e,d,x.clock)),meta_labels:c(S,At),starred:kt(S,`starred`),pinned:kt(S,`pinned`),forwarded:o.one(`row.forwarded`,l,d)!==null||T(l,`forwarded`,d)||h.length>g.length||void 0,reactions:Lt(o,p,d),media:x.media}}
function bt({reading:e,row:t,bubble:n,pre:i,body:a,free:o,outside:s},c,l,u,d){let f=c===`none`&&(i||a);i&&(e.must(`row.bubble`,r(t,`.message-in, .message-out`)?.parentElement??t),e.tally(`row.tail`,u!==void 0),e.tally(`row.label`,d!==void 0)),l&&i&&e.expects(`row.meta`)&&e.must(`row.meta`,n,o),f&&e.tally(`row.pre`,i!==null),f&&i&&Tt({bubble:n,outside:s})===``&&e.must(`row.body`,n,s)}
function xt(t,r){return t.one(`row.quoted`,r)??n(r,`[aria-label]`).find(t=>d.quoted.includes(I(e(t,`aria-label`))))??t.one(`row.quoted_loose`,r)}
function St(t,i){return[r(t,pt),...n(t,pt)].find(t=>t&&/^\s*\[/.test(e(t,`data-pre-plain-text`))&&i(t))??null}
function Ct(e,t,n,a){let o=e.one(`row.preview_card`,t),s=e=>a(e)&&e!==n&&!e.hasAttribute(`data-pre-plain-text`)&&!e.hasAttribute(`title`)&&!i(o,e)&&!r(e,ft);return e.one(`row.body`,n,s)??e.one(`row.body`,t,s)}
function wt(t,n,i){return t.one(`row.body_loose`,n,t=>i(t)&&!t.hasAttribute(`title`)&&!r(t,ft)&&!e(n,`data-pre-plain-text`).trimEnd().endsWith(`] ${t.textContent}:`)&&!Se.test(F(a(t)).slice(0,20)))}
function Tt({bubble:t,outside:i}){return n(t,`img[data-plain-text], img.emoji[alt]`).filter(e=>i(e)&&!r(e,`[data-testid=reaction-bubble], button`)).map(t=>t.getAttribute(`data-plain-text`)??e(t,`alt`)).join(``)}
function Et(e){let t=e.find(({element:e})=>!r(e,`[data-testid^=poll-option], button`));return t?L(t.element):``}
function Dt({bubble:e,body:t,meta:n},r){if(n||!r)return n;let a=r.element.parentElement;return a?.childElementCount===1&&a!==e&&(a=a.parentElement),!a||a===e||t&&i(a,t)?r.element:a}
function Ot(e,t,n){return z(e,t).map(e=>e.text).filter(e=>e!==n?.text).slice(0,8)}
function kt(e,t){return e&&T(e,t)||void 0}
function At(t){let r=n(t,`[aria-label]`).map(t=>e(t,`aria-label`));return r.length===0?void 0:r.slice(0,8).map(P)}
function jt(e){return c(r(e,`.message-in, .message-out`)??t(e,`.message-in, .message-out`),({classList:e})=>e.contains(`message-out`)?`out`:`in`)}
function Mt(e,t){return[`out`,`in`].find(n=>T(e,`tail_${n}`,t))}
function Nt(t,r){return c(n(t,`span[aria-label]`).find(t=>/[:：]\s*$/.test(e(t,`aria-label`))&&r(t)),t=>P(e(t,`aria-label`).trim()))}
function Pt(e,t,n){if(!(n.width<=0))for(let r of[e,t,e.firstElementChild]){if(!r||getComputedStyle(r).display===`inline`)continue;let e=s(r);if(e.width<=0||e.width>n.width*.9)continue;let t=(e.left+e.width/2-(n.left+n.width/2))/n.width;if(!(Math.abs(t)<.03))return t>0===oe()?`start`:`end`}}
function Ft(e,t){return n(e,l).some(e=>t(e)&&ve(e))}
function It(e,n){let r=n.matches(`.quoted-mention`)?n:t(n,`.quoted-mention`),a=e=>t=>!e||!(i(e,t)||i(t,e)),o=e.one(`row.author`,n,a(r))??e.one(`quoted.author`,n,a(r)),s=a(o),l=r??e.one(`row.body`,n,s);return{sender:P(c(o,R)??``)||void 0,text:de(c(l,L)??z(n,s).map(e=>e.text).join(` `)).text}}
function Lt(t,n,i){let a=t.all(`row.reactions`,n,e=>i(e)&&!r(e,`[data-testid=msg-container]`)).map(t=>P(e(t,`aria-label`))).filter(e=>e!==``);return a.length===0?void 0:a.slice(0,20)}
function Rt(e){let t=e.attribute(`screen.link_code`)?.replaceAll(`,`,``);return t&&/^\w{8}$/.test(t)?t:void 0}
function zt(){let e=new M,t=e.one(`login.field`),n=e.one(`login.next`),i=ne(`button, [role=button]`).findLast(e=>y(I(a(e)),d.phone_login))??e.one(`login.offer`),o=`none`;return e.has(`screen.main`)||(Rt(e)?o=`code`:t&&e.has(`screen.phone_login`)?o=`form`:i&&(o=`offer`)),{stage:o,offer:B(i),field:B(t),value:t instanceof HTMLInputElement?t.value.slice(0,100).toWellFormed():``,focused:t!==null&&ae()===t,next:B(n&&(r(n,`button, [role=button]`)??n)),refused:e.has(`login.refused`)}}
function Bt(){let e=new M,t=Vt(e),n=t===`main`;return{v:1,kind:`state`,visible:A(),generation:se(),lang:j(),screen:t,qr:t===`qr`?Jt(e):void 0,link_code:t===`phone_login`?Rt(e):void 0,sync_percent:t===`syncing`||n?Qt(e,n):void 0,own_title:n?en(e):void 0,offline:n&&tn(e),dialog:n||t===`unknown`?rn(e):void 0}}
function Vt(e){let t=ie();if(!t)return`blank`;let n=Ut(e);if(n)return n;if(e.has(`screen.loading`))return Qt(e,!1)===void 0?`startup`:`syncing`;if(e.has(`screen.main`))return`main`;if(e.has(`screen.phone_login`))return`phone_login`;let r=Kt(e);return r?qt(e,r):Ht(t)}
function Ht(e){let n=k(`#app`);if(k(`#wa_web_initial_startup`))return`startup`;let r=I(a(e).slice(0,2e4));if(/google chrome \d+\+/.test(r)||!n&&y(r,d.unsupported))return`unsupported`;let i=[[`phone_login`,d.phone_code],[`qr_wait`,d.login],[`blocked`,d.blocked],[`passkey`,d.passkey],[`offline`,d.offline],[`logged_out`,d.logged_out]];for(let[e,t]of i)if(y(r,t))return e;return!n||n.childElementCount===0||r===``?`blank`:t(n,`progress, [role=progressbar]`)?`startup`:`unknown`}
function Ut(e){if(Gt(e).some(Wt))return`another_session`;let t=e.one(`dialog.confirm`);return!t||e.has(`screen.main`)||e.has(`screen.qr_value`)?null:e.has(`dialog.ok`,t)&&e.has(`dialog.cancel`,t)?`conflict`:null}
function Wt(e){return y(I(a(e)),d.dialogs.use_here??[])}
function Gt(e){let t=[...new Set([...e.all(`dialog`),...e.all(`dialog.confirm`)])];return t.filter(e=>!t.some(t=>t!==e&&i(t,e)))}
function Kt(e){return e.one(`screen.qr`)??e.one(`screen.qr_value`)}
function qt(e,t){return Xt(t)||Yt(t)?`qr_idle`:Jt(e)?`qr`:`qr_wait`}
function Jt(e){let t=e.attribute(`screen.qr_value`);return t&&t.length<=2e3&&/^(2@|https:\/\/wa\.me\/)/.test(t)?t.toWellFormed():void 0}
function Yt(e){let n=o(e)===`CANVAS`?e:t(e,`canvas`);for(let t=n;t;t=t.parentElement){let n=getComputedStyle(t).opacity;if(n!==``&&Number(n)<.3)return!0;if(t===e)break}return!1}
function Xt(e){let n=e.matches(`button`)?e:t(e,l);if(n)return n;for(let t=e.parentElement,n=0;t&&n<3;t=t.parentElement,n++){let e=w(t,`refresh`)?.element.closest(l);if(e)return e}return null}
function Zt(){let e=new M,t=Kt(e);return B(t&&!e.has(`screen.main`)?Xt(t):null)}
function Qt(e,t){if(!t){let t=e.one(`screen.loading`);return $t(a(t&&o(t)===`PROGRESS`?t.parentElement:t))}for(let t of ne(`#side [data-testid^=chat-butterbar], #side [data-testid*=sync]`).concat(e.all(`screen.banner`))){let e=$t(a(t));if(e!==void 0)return e}}function $t(e){let t=/(\d{1,3})\s?%|%\s?(\d{1,3})/.exec(e.slice(0,5e3)),n=Number(t?.[1]??t?.[2]??NaN);return n>=0&&n<=100?n:void 0}
function en(n){return P(e(t(n.one(`list.yourself`),`span[title]`),`title`))||void 0}
function tn(e){if(e.has(`screen.offline_banner`))return!0;let t=k(`#side`);return t?T(t,`offline`)?!0:e.all(`screen.banner`).some(e=>y(I(a(e)),d.offline)):!1}
function nn(){return rn(new M)??{present:!1,x:0,y:0}}
function rn(e){let t=Gt(e).at(-1);if(!t)return;let n=I(a(t)).slice(0,500),r=an(e,t,n),{x:i,y:o}=B(r?on(e,t):null);return{present:!0,...r?{known:r}:{text:P(n)},x:i,y:o}}
function an(e,t,n){return e.has(`dialog.continue`,t)?`fresh_look`:Object.entries(d.dialogs).find(([,e])=>y(n,e??[]))?.[0]}
function on(e,i){let a=e.one(`dialog.continue`,i)??t(i,`[data-testid=popup-controls-ok]`);return a?r(a,`button, [role=button]`)??t(a,`button, [role=button]`)??a:n(i,`button, [role=button]`).at(-1)??null}
function sn(){let e=new M;for(let t of Gt(e))if(Wt(t))return B(n(t,`button, [role=button]`).findLast(Wt)??on(e,t));return B(null)}
function G(e){return e.one(`main`)}
function cn(e){return e.must(`header`,G(e))}
function ln(e=new M){let n=cn(e);if(!n)return{present:!1,title:``};let r=e.must(`header.title`,n,e=>un(e)!==``),a=c(r,un)??``;return a===``&&e.missing(`header.title`),{present:!0,title:a,subtitle:P(c(e.one(`header.subtitle`,n,e=>!i(r,e)),e=>e.getAttribute(`title`)??t(e,`[title]`)?.getAttribute(`title`)??R(e))??``)||void 0}}
function un(e){return P((e.hasAttribute(`title`)?e:t(e,`span[title][dir=auto]`))?.getAttribute(`title`)||F(L(e)))}
function K(e){let t=G(e);if(!t)return null;let r=n(t,`[data-id]`),a=e=>r.every((t,n)=>n>0&&n<r.length-1||i(e,t));return e.must(`messages.box`,t,a)??dn(e.one(`messages.list`,t,a)??fn(r))}
function dn(e){for(let t=e;t&&t.id!==`main`;t=t.parentElement)if(/auto|scroll/.test(getComputedStyle(t).overflowY))return t;return e}
function fn(e){let t=e.at(-1),n=(e[0]?.closest(`[role=row]`)??e[0])?.parentElement??null;for(;n&&t&&!i(n,t);)n=n.parentElement;return n}
function pn(n){let r=[],i=(n,a)=>{for(let o of n.children){let n=e(o,`data-id`);n?r.push({element:o,id:n}):a<30&&t(o,`[data-id]`)?i(o,a+1):r.push({element:o})}};return i(n,0),r}
function q(e=new M,t,n){let r={v:1,kind:`conversation`,visible:A(),open:!1,lang:j(),title:``,rows:[],at_start:!1,at_end:!1,offline:!1,writable:!1},i=K(e),a=ln(e);if(!a.present||!i)return G(e)?{...r,health:e.report}:r;let o=pn(i),s=t===void 0?0:o.findIndex(({id:e})=>e&&vn(e,t))+1;if(t!==void 0&&s===0)return null;let l=n===void 0?bn(e,o.slice(s)):o.slice(n.from,n.from+n.count),u=r.visible?yn(e,l,i):[],d=i.scrollHeight-i.scrollTop-i.clientHeight<24;G(e)?.querySelector(`[contenteditable=true]`)&&e.must(`composer`,G(e));let f=gn(e),p={...r,open:!0,title:a.title,subtitle:a.subtitle,avatar:mn(e),composer_label:c(f,hn),rows:u,at_start:u.some(e=>e.row===`start`),at_end:d,offline:tn(e),writable:f!==null,health:e.report};return n===void 0?Dn(p):{...p,pieces:o.length}}
function mn(e){let t=cn(e);return t===null?void 0:Ge(t)}
function hn(e){return e.getAttribute(`aria-label`)?.slice(0,1e3).toWellFormed()}
function gn(e){return e.one(`composer`,G(e))}
function _n(e){return/^(?:true|false)_[^_]*@[^_]*_([^_]+)/.exec(e)?.[1]??e}
function vn(e,t){return e===t||_n(e)===_n(t)}
function yn(e,n,r){let i=s(r),a=[],o=new Set,c=0;for(let{element:t,id:r}of n){if(!r){let n=En(e,t);n&&a.push(n);continue}if(o.has(r)||r.length>300)continue;if(o.add(r),!W(e,t)){a.push({row:`message`,id:r,drawn:!1});continue}c+=1;let n=xn(e,t,r.toWellFormed(),i);(n.row!==`message`||n.text!==``||n.kind!==`none`||n.clock!==void 0)&&(e.report.rows_read+=1),a.push(n)}return e.report.rows_seen+=c,(o.size>0||t(r,`[data-pre-plain-text]`))&&e.tally(`row.id`,o.size>0),c>0&&e.report.rows_read===0&&(e.report.alarm=!0),a}
function bn(e,t){if(t.length<=1400)return t;let n=t.findIndex(({id:t,element:n})=>t&&W(e,n)),r=Math.max(0,Math.min(n<0?t.length:n-100,t.length-Ce));return t.slice(r,r+Ce)}
function xn(e,t,n,r){if(e.has(`row.notice`,t)&&!ht(e,t)&&!Sn(e,t))return Tn(e,t,n);let i=gt(e,t),a=yt(i,n,r),o=i.bubble===t&&!i.pre&&!/\bmessage-(in|out)\b/.test(t.className),s=a.kind===`none`&&a.status===void 0,c=o&&(s&&(a.text===``||a.clock===void 0&&a.tail===void 0)||e.has(`row.card`,t)),l=e.has(`row.subtype`,t)&&!i.pre&&s;return c||l?Tn(e,t,n):a}
function Sn(e,t){return e.has(`kind.call`,t)||!e.has(`row.subtype`,t)&&y(I(R(t)),d.call)&&!Cn(t)}
function Cn(e){return y(I(R(e)),d.encryption)}
function wn(e){return P(R(e)).slice(0,1e3).toWellFormed()}
function Tn(e,t,n){let r=e.attribute(`row.subtype`,t)?.replace(/^subtype-/,``);return{row:Cn(t)?`start`:`notice`,id:n,drawn:!0,text:wn(t),subtype:c(r,P)}}
function En(e,n){let r=R(n);if(r!==``)return n.matches(`[data-testid=msg-notification-container]`)||e.has(`row.notice`,n)||y(r.toLowerCase(),d.encryption)&&r.length>40?Tn(e,n):n.matches(`span[aria-live=polite]`)||e.has(`row.divider`,n)?{row:`divider`,drawn:!0,text:P(r)}:r.length>60||t(n,`button, [role=button], progress`)?{row:`notice`,drawn:!0,text:wn(n)}:{row:`marker`,drawn:!0,text:P(r)}}
function Dn(e){let t=new TextEncoder,n=t.encode(JSON.stringify(e)).length;for(let r=0;n>9e5&&r<e.rows.length-1;r++){let i=e.rows[r];i?.id&&i.drawn&&(n-=t.encode(JSON.stringify(i)).length-60,e.rows[r]={row:`message`,id:i.id,drawn:!1})}return e}var On=30,kn={state:30,list:100,conversation:100},An=5e3,jn=200,J=[`state`,`list`,`conversation`].map(e=>({kind:e,dirty:!0,last:-1e3,hash:``})),Y={},Mn=``,X,Nn=0;
function Pn(){let e=globalThis.qnObserve;return typeof e==`function`?e:void 0}
function Fn(e){let t=3735928559,n=1103547991;for(let r=0;r<e.length;r++){let i=e.charCodeAt(r);t=Math.imul(t^i,2654435761),n=Math.imul(n^i,1597334677)}return`${e.length}:${(t>>>0).toString(36)}${(n>>>0).toString(36)}`}
function In(){let e=[Y.list,Y.conversation].filter(e=>e!==void 0),t={},n={};for(let r of e){for(let[e,n]of Object.entries(r.empty))t[e]=(t[e]??0)+n;for(let[e,[t,i]]of Object.entries(r.tallies)){let r=n[e]??[0,0];n[e]=[r[0]+t,r[1]+i]}}return{generation:e[0]?.generation??`unknown`,rows_seen:e.reduce((e,t)=>e+t.rows_seen,0),rows_read:e.reduce((e,t)=>e+t.rows_read,0),anchors:Object.assign({},...e.map(e=>e.anchors)),empty:t,tallies:n,alarm:e.some(e=>e.alarm)}}
function Ln(e){if(e===`state`)return Bt();let t=new M;if(e===`list`){let{health:e,...n}=H(t);return Y.list=e,n.present?n:void 0}if(!A())return;let{health:n,...r}=q(t)??{open:!1};return Y.conversation=n,r.open?r:void 0}var Rn=1500,Z;
function zn(e){return e.screen===`unknown`?(Z??=performance.now(),performance.now()-Z<Rn):(Z=void 0,!1)}
function Bn(e,t){let n=Ln(e.kind);if(e.kind===`state`&&n!==void 0&&zn(n)){e.dirty=!0;return}if(n===void 0){e.hash=``;return}let r=Fn(JSON.stringify({...n,look:0}));r!==e.hash&&(t(JSON.stringify(n)),e.hash=r)}
function Vn(e){let t=JSON.stringify({v:1,kind:`health`,health:In()}),n=Fn(t);n===Mn||Y.list===void 0&&Y.conversation===void 0||(e(t),Mn=n)}
function Hn(){X=void 0;let e=Pn();if(e===void 0){Un(jn);return}let t=performance.now(),n;for(let r of J){if(!r.dirty)continue;let i=r.last+kn[r.kind]-t;if(i>0)n=Math.min(n??i,i);else{r.dirty=!1,r.last=t;try{Bn(r,e)}catch{r.hash=``}}}try{Vn(e)}catch{Mn=``}Z!==void 0&&(n=Math.min(n??Rn,Rn/5)),n!==void 0&&Un(n)}
function Un(e){let t=performance.now()+e;X!==void 0&&Nn<=t||(clearTimeout(X),Nn=t,X=setTimeout(Hn,e))}
function Q(...e){for(let t of J)e.includes(t.kind)&&(t.dirty=!0);Un(On)}function $(){Q(`state`,`list`,`conversation`)}
function Wn(e){if(e.length>200){$();return}let t=new Set;for(let{target:n}of e){let e=n instanceof Element?n:n.parentElement;if(e?.closest(`#pane-side`))t.add(`list`);else if(e?.closest(`#main`))t.add(`conversation`);else{$();return}}Q(...t)}
function Gn(){Y.list=void 0,Y.conversation=void 0;for(let e of J)e.hash=``;$()}
function Kn(){new MutationObserver(Wn).observe(document,{subtree:!0,childList:!0,characterData:!0,attributes:!0,attributeFilter:[`aria-label`,`aria-rowcount`,`aria-selected`,`class`,`data-icon`,`data-id`,`data-pre-plain-text`,`data-ref`,`data-testid`,`data-virtualized`,`lang`,`src`,`style`,`title`,`value`]}),document.addEventListener(`scroll`,()=>Q(`list`,`conversation`),{capture:!0,passive:!0}),document.addEventListener(`input`,()=>Q(`list`,`conversation`),{capture:!0,passive:!0}),document.addEventListener(`visibilitychange`,$),document.addEventListener(`readystatechange`,$),setInterval($,An),$()}var qn={found:`none`,x:0,y:0,position:0,clickable:!1,top:0,height:0,inView:!1,selected:!1};
function Jn(e){return/^\+[\d\s().\-\u2010-\u2013]+$/.test(F(e))?e.replace(/\D/g,``):``}
function Yn({title:t,phone:n}){let r=new M,i=V(r);if(!i)return qn;let a=F(t),o=n?.replace(/\D/g,``),c=we(r,i),l=t=>c.filter(n=>t(e(n.title,`title`))),u=l(e=>F(e)===a);u.length===0&&o&&(u=l(e=>Jn(e)===o));let d=u[0];if(!d)return qn;let f=r.one(`list.cell`,d.element)??d.element,{x:p,y:m}=B(f),h=s(i),g=s(f).height>0&&m>h.top&&m<h.bottom&&p>h.left&&p<h.right;return{found:u.length===1?`one`:`many`,x:p,y:m,position:d.position,clickable:u.length===1&&g&&Xn(f,d.element,{x:p,y:m})&&Zn(r,i,d.element,d.y),top:d.y,height:d.height,inView:g,selected:Re(d.element)}}
function Xn(e,t,n){return getComputedStyle(e).pointerEvents!==`none`&&i(t,document.elementFromPoint(n.x,n.y))}
function Zn(e,t,n,r){let i=e.one(`list.grid`,t);if(!i)return!0;let a=s(n).top,o=e=>Math.abs(a-s(e).top-r)<3;return o(n.parentElement??i)||o(i)||!/translate/.test(n.style.transform)}
function Qn(e){let{scrollTop:t,scrollHeight:n,clientHeight:r}=e??{scrollTop:0,scrollHeight:0,clientHeight:0};return{...B(e),scrollTop:t,scrollHeight:n,clientHeight:r}}function $n(e,t){return e?.scrollTo({top:t===`end`?e.scrollHeight:Number(t)||0,behavior:`instant`}),Qn(e)}
function er(){let t=gn(new M),n=c(t,be)?.toWellFormed()??``,r=ae();return{...B(t),writable:t!==null&&e(t,`aria-disabled`)!==`true`,text:n,empty:n===``,focused:r!==null&&i(t,r),hasDraft:n!==``,label:c(t,hn)}}
function tr(){let e=new M,t=e.one(`send`,G(e),e=>!T(e,`microphone`));return B(t?.closest(`button, [role=button]`)??t)}
function nr(){let e=new M,t=K(e);if(!t)return null;let n=pn(t).findLast(({id:t,element:n})=>t&&(!W(e,n)||!e.has(`row.notice`,n)));return n?.id?{key:_n(n.id).toWellFormed(),direction:rr(n.id,n.element)}:null}
function rr(e,n){return e.startsWith(`true_`)||t(n,`.message-out`)||T(n,`tail_out`)||T(n,`ack`)?`out`:e.startsWith(`false_`)||t(n,`.message-in`)||T(n,`tail_in`)?`in`:`unknown`}
function ir({key:e,place:t}){let n=new M,{title:r}=ln(n),i=(c(K(n),pn)??[]).find(({id:t,element:r})=>t&&vn(t,e)&&W(n,r));return i?{title:r,drawn:!0,...vt(n,i.element,t)}:{title:r,drawn:!1}}var ar={state:Bt,list:()=>H(),conversation:()=>q(),chats:e=>H(new M,void 0,e),archive:(e,t=new M)=>H(t,je(t),e),rows:e=>q(new M,void 0,e),chatRow:Yn,listBox:()=>Qn(V(new M)),conversationBox:()=>Qn(K(new M)),scrollListTo:({top:e})=>$n(V(new M),e),scrollConversationTo:({top:e})=>$n(K(new M),e),composer:er,sendButton:tr,lastMessage:nr,media:ir,messages:({after:e})=>q(new M,e??void 0)??{error:`after_not_found`},phoneLogin:zt,qrReload:Zt,useHere:sn,dialog:nn,header:()=>ln(),visible:A,useProfiles:e=>(m(e),Gn(),!0)};
function or(){let e={};for(let[t,n]of Object.entries(ar))e[t]=e=>{try{return n(e??{})??null}catch(e){return{error:`${t}: ${e instanceof Error?e.message:``}`.slice(0,200).toWellFormed()}}};return e}var sr=globalThis;sr.__qn===void 0&&globalThis.top===globalThis.self&&(sr.__qn=or(),Kn())})();