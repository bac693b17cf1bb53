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
function te(e){let n=o(e)===`SVG`?e:t(e,`svg`),r=t(n,`path`),i=new Set;for(let t of[e,n,r]){if(!t)continue;let e=getComputedStyle(t);e.color&&i.add(e.color),t===r&&e.fill&&i.add(e.fill)}return[...i].slice(0,6).map(e=>e.slice(0,80))}var ne=Document.prototype.querySelector,E=Document.prototype.querySelectorAll;
function D(e,t){for(let t=Document.prototype;t!==null;t=Object.getPrototypeOf(t)){let n=Object.getOwnPropertyDescriptor(t,e)?.get;if(n!==void 0)return n.call(document)}return t}
function O(e){try{return ne.call(document,e)}catch{return null}}
function re(e){try{return[...E.call(document,e)]}catch{return[]}}
function ie(){return D(`documentElement`,null)}
function ae(){return D(`body`,null)}
function oe(){return D(`activeElement`,null)}
function k(){return D(`visibilityState`,`hidden`)===`visible`}
function A(){return ie()?.getAttribute(`lang`)?.slice(0,40)||void 0}
function se(){return ie()?.getAttribute(`dir`)===`rtl`}
function ce(){for(let e of f)if(e.detect.some(e=>O(e)!==null))return e.generation;return`unknown`}var j=class{report;order;cache=new Map;constructor(e=ce()){S(),this.order=[...f].sort((t,n)=>Number(n.generation===e)-Number(t.generation===e)),this.report={generation:e,rows_seen:0,rows_read:0,anchors:{},empty:{},tallies:{},alarm:!1}}anchors(e){let t=this.cache.get(e);return t||(t=this.order.flatMap((t,n)=>(t.fields[e]??[]).map(e=>[e,n===0])),this.cache.set(e,t)),t}hit(e,t){this.report.anchors[e]??=t}one(e,t,n){return this.look(e,t,n,!1)}must(e,t,n){return this.look(e,t,n,!0)}expects(e){return this.anchors(e).some(([,e])=>e)}look(e,t,n=()=>!0,r){if(t===null)return null;let i=new Set;for(let[[a,o],s]of this.anchors(e)){let c=M(o,t).find(n);if(!c)s&&i.add(a);else return this.hit(e,a),s&&i.delete(a),r?this.tally(e,!0,s?[a]:[],i):s&&this.tally(`${e}:${a}`,!0),c}return r&&this.tally(e,!1,[],i),null}tally(e,t,n=[],r=[]){this.report.tallies[e]??=[0,0],this.report.tallies[e][+!t]+=1;for(let t of n)this.tally(`${e}:${t}`,!0);for(let t of r)this.tally(`${e}:${t}`,!1)}all(e,t,n=()=>!0){if(t===null)return[];for(let[[r,i]]of this.anchors(e)){let a=M(i,t).filter(n);if(a.length>0)return this.hit(e,r),a}return[]}has(e,t){return this.one(e,t)!==null}attribute(t,n){for(let[[r,i,a]]of this.anchors(t)){let o=a&&M(i,n).find(e=>e.hasAttribute(a));if(o)return this.hit(t,r),e(o,a)}}missing(e){this.report.empty[e]=(this.report.empty[e]??0)+1,this.report.anchors[e]??=`none`}found(e,t){this.hit(e,t)}};
function M(e,t){try{return t?n(t,e):re(e)}catch{return[]}}var le=/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,ue=3900,de=69e3;
function N(e){return pe(e,ue)}
function fe(e){let t=pe(e,de);return{text:t,cut:t.length<e.length}}
function pe(e,t){return e.slice(0,t).toWellFormed()}
function P(e){return e.replace(le,``).normalize(`NFC`).replace(/\s+/g,` `).trim()}
function F(e){return P(e).toLowerCase()}var me="${appText}",he=new Set([`P`,`DIV`,`LI`,`UL`,`OL`,`BLOCKQUOTE`,`PRE`]),ge=new Set([`SVG`,`STYLE`,`SCRIPT`,`CANVAS`,`NOSCRIPT`,`TEMPLATE`,`VIDEO`,`AUDIO`]);
function I(e){let t=[];return _e(e,t,0),t.join(``)}
function _e(e,t,n){if(n>60)return;let r=!1;for(let i of e.childNodes){let e=[];i.nodeType===Node.TEXT_NODE?e.push(i.nodeValue??``):i.nodeType===Node.ELEMENT_NODE&&ve(i,e,n+1);let a=e.join(``);if(a===``)continue;let o=he.has(i.tagName?.toUpperCase());(o||r)&&t.length>0&&!be(t)&&!a.startsWith(`
`)&&t.push(`
`),t.push(a),r=o}}
function ve(t,n,r){let i=o(t),a=e(t,`role`);if(i===`BR`){n.push(`
`);return}if(i===`IMG`){n.push(t.getAttribute(`data-plain-text`)??e(t,`alt`));return}if(ge.has(i)||e(t,`aria-hidden`)===`true`||a===`gridcell`||i===`BUTTON`&&!t.hasAttribute(`data-plain-text`)||a===`button`&&ye(t))return;let s=t.getAttribute(`data-app-text-template`),c=[];_e(t,c,r);let l=c.join(``),u=e(t,`data-pre-plain-text`);u.startsWith(`[`)||n.push(u),n.push(s?.includes(me)?s.replace(me,()=>l):l)}
function ye(e){return d.read_more.includes(F(a(e).slice(0,60)).replace(/^[.…\s]+|[.…]+$/g,``))}
function be(e){return e.findLast(e=>e!==``)?.endsWith(`
`)??!0}
function xe(e){let t=[...e.children].filter(e=>he.has(o(e)));return t.length===0?Se(e):t.map(Se).join(`
`)}
function Se(e){let t=[];return _e(e,t,0),[...e.childNodes].findLast(({nodeType:e,nodeValue:t})=>e===Node.ELEMENT_NODE||e===Node.TEXT_NODE&&t!==``)?.nodeName.toUpperCase()===`BR`&&t.pop(),t.join(``)}
function L(e){return P(I(e))}var R=/\d{1,2}[:.]\d{2}/;
function z(e,t){let n=[];for(let i of[e,...e.querySelectorAll(`*`)]){if(n.length>=60)break;let e=``;for(let t of i.childNodes)t.nodeType===Node.TEXT_NODE&&(e+=t.nodeValue);let a=e.length<400?P(e):``;a!==``&&!r(i,`svg, style, script, [aria-hidden=true]`)&&t(i)&&n.push({element:i,text:a})}return n}
function B(e){let t=c(e,s);return t?{present:!0,x:t.left+t.width/2,y:t.top+t.height/2}:{present:!1,x:0,y:0}}var Ce=1400;
function V(e){return e.one(`list.pane`)}
function we(e,t){let n=e.one(`list.grid`,t)??t,r=De(e.all(`list.row`,n));e.report.rows_seen+=r.length;let i=[],a=0;for(let t of r){let n=e.must(`list.title`,t,Ee);n?i.push({element:t,title:n,y:Oe(t),height:ke(t),position:0}):a+=1}i.sort((e,t)=>e.y-t.y),e.report.rows_seen-=i.length>0?a:0;let o=i[0],s=Te(i),c=o&&o.height>0&&o.y>=s?Math.round(o.y/s):0;return i.forEach((e,t)=>{e.position=c+t}),i}
function Te(e){let t=e.map(e=>e.height).filter(e=>e>0).sort((e,t)=>e-t);return t[Math.floor(t.length/2)]??76}
function Ee(t){return P(e(t,`title`))!==``&&r(t,`[data-testid=cell-frame-secondary]`)===null}
function De(e){let t=new Set(e);return e.filter(e=>{let n=e.parentElement;for(;n&&!t.has(n);)n=n.parentElement;return!n})}
function Oe(t){for(let n=t,r=0;n&&r<3;n=n.parentElement,r++){let r=/translate(?:Y\(|3d\([^,]+,|\([^,]+,)\s*(-?[\d.]+)px/.exec(n.style?.transform??``);if(r)return Number(r[1]);if(n!==t&&e(n,`role`)===`grid`)break}return s(t).top}
function ke(e){let t=Number.parseFloat(e.style?.height??``);return Number.isFinite(t)&&t>0?t:s(e).height}var Ae=2e3;
function je(e){return e.one(`list.archive`)}var Me=Array.from(crypto.getRandomValues(new Uint32Array(2)),e=>e.toString(36)).join(``),Ne=0;
function H(e=new j,t=V(e),n){let r=Pe(e,t,n);if(new TextEncoder().encode(JSON.stringify(r)).length>9e5)for(let e of r.rows)e.preview=e.preview?.slice(0,80).toWellFormed();return r}
function Pe(e,t,n){Ne+=1;let r={v:1,kind:`list`,document:Me,look:Ne,visible:k(),present:!1,searching:!1,lang:A(),complete:!1,rows:[]};if(!t)return n===void 0&&e.has(`screen.main`)?(e.must(`list.pane`),{...r,health:e.report}):r;n===void 0&&e.must(`list.pane`);let i=t.matches(`[role=grid]`)?t:e.must(`list.grid`,t),o=we(e,t),s=n?.from??0,c=o.slice(s,s+(n?.count??3e3)).map(t=>Le(e,t));o.length===0&&P(a(t))!==``&&e.must(`list.row`,i??t),o[0]&&(e.must(`list.row`,i??t),e.must(`list.cell`,o[0].element)),e.report.rows_read+=c.length,e.report.rows_seen>0&&c.length===0&&(e.report.alarm=!0);let l=Fe(i),u=t.scrollHeight<=t.clientHeight+1;return{...r,present:i!==null||c.length>0,searching:Ie(e),total:l,complete:l===void 0?u:c.length===l,rows:c,health:e.report}}
function Fe(e){let t=Number(e?.getAttribute(`aria-rowcount`)??NaN);return Number.isInteger(t)&&t>=0&&t<1e6?t:void 0}
function Ie(e){let t=e.must(`list.search`);return t?o(t)===`INPUT`?t.value.trim()!==``:P(a(t))!==``:!1}
function Le(t,n){let o=n.element,s=t.one(`list.preview`,o,e=>e!==n.title),l=s?.closest(`[data-testid=cell-frame-secondary]`)??t.one(`list.secondary`,o),u=w(o,`ack`),f=w(o,`media`,e=>!i(n.title,e)),p=F(c(l,L)??``),m=!s&&!t.has(`list.status`,o),h=m&&d.draft.some(e=>p.startsWith(e)&&/^\]?[:：]/.test(p.slice(e.length))),g=m&&!h&&Ve(p),_=!s&&!h&&!g&&l?I(l).trim():``,v=s?.getAttribute(`title`)??(_||void 0),y=Ue(t,o);return ze(t,l,n.title),v===void 0&&t.missing(`list.preview`),s||t.must(`list.secondary`,o),{title:N(e(n.title,`title`)),y:n.y,height:n.height,position:n.position,time:N(He(t,o)),preview:v?.slice(0,Ae).toWellFormed(),author:We(s??t.one(`list.status`,o),v??``),ack_icon:u&&ee(u,`ack`),ack_colours:u?te(u.element):[],media_icon:f&&ee(f,`media`),unread_label:c(y,t=>N(e(t,`aria-label`)||a(t))),unread_badge:y!==null,pinned:T(o,`pinned`),muted:t.has(`list.muted`,o)||T(o,`muted`),archived:r(o,`[data-testid=drawer-left]`)!==null||Be(o,n.title,p),typing:g,draft:h,avatar:Ge(o),yourself:t.has(`list.yourself`,o),selected:Re(o)}}
function Re(e){return e.matches(`[aria-selected=true]`)||t(e,`[aria-selected=true]`)!==null}
function ze(e,t,n){if(t)for(let{element:r,names:a}of b(t))r.matches(`svg, [data-icon]`)&&!i(n,r)&&e.tally(`list.icon`,a.some(_))}
function Be(e,t,n){return!d.archived.includes(n)&&z(e,e=>!i(t,e)&&!r(e,`[title]`)).some(e=>d.archived.includes(F(e.text)))}
function Ve(e){let t=/^(.{1,80})(\.\.\.|…)$/.exec(e)?.[1];return t===void 0?!1:!d.languages.includes(A()?.split(`-`)[0]??``)||d.typing.some(e=>t.endsWith(e))}
function He(e,n){let r=e.must(`list.time`,n,e=>t(e,`[title]`)===null);return r||e.missing(`list.time`),c(r,L)??``}
function Ue(n,o){let s=n.one(`list.muted`,o),c=n.one(`list.unread`,o,n=>!(s&&i(n,s))&&!i(s,n)&&/^[\d+.,\s]*$/.test(a(n))&&!/mention|mute|pin/.test(e(n,`data-testid`))&&t(n,`svg, [data-icon]`)===null&&!n.matches(`[data-icon]`));return c?c.hasAttribute(`aria-label`)?c:t(c,`[aria-label]`)??r(c,`[aria-label]`)??c:null}
function We(e,t){if(!e)return;let n=I(e),r=n.indexOf(`:\xA0`);if(r<=0||r>80)return;let i=P(n.slice(0,r)),a=P(t);return i!==``&&!a.startsWith(`${i}:`)?N(i):void 0}
function Ge(e){return[`group`,`contact`].find(t=>T(e,t))}var Ke=/^data:image\/(jpeg|png|webp);base64,/,qe=120,Je=38e4,Ye=30,Xe=[`image`,`sticker`,`album`],Ze=[`video`,`gif`,`document`];
function Qe({reading:e,bubble:t,free:n},r){if(r===`album`){let r=e.all(`media.tile`,t,n);return r.filter(e=>!r.some(t=>t!==e&&i(t,e))).slice(0,Ye)}return[e.one(`kind.${r}`,t,n)??t]}function $e({free:e},t,n){let r=e=>[...n.querySelectorAll(e),...n.matches(e)?[n]:[]],i=(t,n)=>r(t).filter(t=>e(t)&&!t.hasAttribute(`data-plain-text`)).map(e=>e.getAttribute(n)??``).find(e=>e.startsWith(`blob:`)),a=i(`img[src^='blob:']`,`src`),o=i(`video[src^='blob:'], audio[src^='blob:'], source[src^='blob:']`,`src`);return{whole:Xe.includes(t)?a??(t===`album`?o:void 0):o??i(`a[href^='blob:']`,`href`),preview:(Ze.includes(t)?a:void 0)??(Xe.includes(t)||Ze.includes(t)?et(r,e):void 0)}}
function et(t,n){let r=t(`[style*='data:image']`).filter(n).map(e=>e.style.backgroundImage.replace(/^url\(["']?|["']?\)$/g,``)),i=t(`img[src^='data:image']`).filter(e=>n(e)&&!e.hasAttribute(`data-plain-text`)).map(t=>e(t,`src`));return[...r,...i].filter(e=>Ke.test(e)&&e.length>=qe&&e.length<=Je).sort((e,t)=>t.length-e.length)[0]}
function tt(e,t){return Qe(e,t).map(n=>{let{whole:r,preview:i}=$e(e,t,n);return r===void 0?i===void 0?`nothing`:`preview`:`whole`})}
function nt(e,t,n){let r=Qe(e,t)[n];return r===void 0?{}:$e(e,t,r)}var rt=[`poll`,`location`,`contact`,`album`,`sticker`,`gif`,`voice`,`video`,`audio`,`document`,`image`,`call`],it=/^\d{1,3}:\d{2}(:\d{2})?$/,at=/^\d[\d.,]*\s?([kmg]i?b|bytes|b)$/i,U=/^.{1,300}\.[a-z0-9]{1,5}$/i;
function ot(r,i,a){let{reading:o,bubble:s,row:c,free:l,pre:u}=r;if(T(c,`recalled`,l))return`deleted`;let f=n(s,`[aria-label]`).filter(l).map(t=>F(e(t,`aria-label`)));for(let e of rt){if(o.one(`kind.${e}`,s,l))return e;let t=d.kinds[e],n=T(s,e,l)?`icon`:t?.some(t=>f.includes(t)||e===`voice`&&y(f.join(`
`),[t]))?`label`:void 0;if(n)return o.found(`kind.${e}`,n),e}if(st(r,i,a))return`document`;if(!u){let e=F([i,...a.map(e=>e.text)].join(` `).slice(0,1e3));if(y(e,d.undecrypted))return`undecrypted`;if(y(e,d.view_once))return`view_once`;if(y(e,d.deleted))return`deleted`;if(i===``&&y(e,d.call))return`call`}let p=t(r.body,`a[href]`);return i===``&&o.one(`loose.location`,s,l)?`location`:!p&&o.one(`loose.image`,s,l)?`image`:`none`}
function st({bubble:t,free:r},i,a){let o=n(t,`[title]`).filter(r);return o.length===0?!1:a.some(e=>e.text.split(/\s[•·]\s|,\s/).some(e=>at.test(e)))||i===``&&o.some(t=>U.test(e(t,`title`)))}var ct=[`album`,`sticker`,`gif`,`voice`,`video`,`audio`,`document`,`image`];
function lt(e,t,n){let{clock:r,media:i}=ut(e,t,n);if(!ct.includes(t))return{clock:r,media:i};let a=n.filter(e=>e!==r).flatMap(e=>e.text.split(/\s[•·]\s|,\s/)).find(e=>at.test(e.trim()));return{clock:r,media:{...i,size:a&&N(a),files:tt(e,t)}}}
function ut(t,a,o){let{bubble:s,meta:c,free:l}=t,u=o.filter(({element:e,text:t})=>R.test(t)&&t.length<30&&(!c||i(c,e))),d=[`voice`,`video`,`gif`,`audio`].includes(a),f=o.filter(({text:e})=>it.test(e)),p=d&&!c&&u.length===1&&f.length===1,m=p?void 0:u.at(-1),h=f.find(e=>e!==m&&(p||e.text!==m?.text)),g=n(s,`[title]`).filter(l).map(t=>e(t,`title`));if(a===`document`){let e=g.find(e=>U.test(e))??g.find(e=>e!==``)??dt(o);return{clock:m,media:e?{name:N(e)}:void 0}}if(a===`contact`){let e=o.find(e=>e!==m&&!r(e.element,`button`));return{clock:m,media:e&&{name:N(L(e.element))}}}let _=a===`audio`?g.find(e=>U.test(e)):void 0;return{clock:m,media:d&&(h??_)!==void 0?{name:_&&N(_),duration:h?.text}:void 0}}
function dt(e){return e.find(({text:e})=>U.test(e)&&!R.test(e))?.text}var ft=`[data-testid=msg-meta], [data-testid=author], [data-testid=reaction-bubble], [data-testid=vcard-msg], [data-testid^=poll-option]`,pt=`[data-pre-plain-text]`;
function W(n,r){let i=r.matches(`[data-virtualized]`)?r:t(r,`[data-virtualized]`);return P(a(r))!==``||t(r,`img, canvas, svg`)?!0:e(i,`data-virtualized`)===`true`?!1:G(n,r)!==null||n.has(`row.notice`,r)}
function mt(e){let t=r(e,`[role=row]`);return t&&n(t,`[data-id]`).every(t=>i(e,t))?t:e}
function G(e,t){return e.one(`row.bubble`,t)??r(t,`.message-in, .message-out`)}
function ht(e,t){let n=G(e,t)??t,r=bt(e,n),a=e=>!i(r,e),o=xt(t,a),s=St(e,n,o,a),c=e=>a(e)&&!i(s,e);return{reading:e,row:t,bubble:n,pre:o,body:s,meta:e.one(`row.meta`,n,c),free:c,outside:a}}
function gt(e){let{reading:t,bubble:n,free:r}=e,a=t.one(`row.author`,n,r),o=z(n,e=>r(e)&&!i(a,e)),s=o.filter(e=>!d.forwarded.includes(F(e.text)));return{all:o,drawn:s,author:a,kind:ot(e,c(e.body,I)??wt(e),s)}}
function _t(e,t,n){let r=ht(e,t);return nt(r,gt(r).kind,n)}
function vt(t,n,a){let{reading:o,row:s,bubble:l,pre:u,free:d,outside:f}=t,p=mt(s),m=bt(o,l),{all:h,drawn:g,author:_,kind:v}=gt(t),y=fe(c(t.body??(v===`none`&&u?Ct(o,u,f):null),I)??(v===`none`?wt(t):``)),b=v===`poll`&&y.text===``?Tt(g):y.text,x=lt(t,v,g),S=Et(t,x.clock),C=w(t.meta??l,`ack`,d),ne=jt(p,f),E=Mt(p,d);yt(t,v,x.clock,ne,E),!u&&v===`none`&&o.missing(`row.pre`),b===``&&v===`none`&&o.missing(`row.text`);let D=C&&r(C.element,`[aria-label]`);return{row:`message`,id:n,drawn:!0,text:[`deleted`,`undecrypted`,`view_once`,`call`].includes(v)?``:b,cut:y.cut||Pt(l,f)||void 0,kind:v,class:At(s),tail:ne,status:C&&!0,author_label:E,author:c(_,e=>N(L(e)))||void 0,pre:c(u,t=>N(e(t,`data-pre-plain-text`))),side:Nt(l,u,a),clock:x.clock?.text,ack_label:D&&i(p,D)?N(e(D,`aria-label`)):void 0,ack_icon:C&&ee(C,`ack`),ack_colours:C&&te(C.element),failed:T(p,`failed`,d)||void 0,quoted:c(m,e=>Ft(o,e)),meta:c(S,e=>Dt(e,d,x.clock)),meta_labels:c(S,kt),starred:Ot(S,`starred`),pinned:Ot(S,`pinned`),forwarded:o.one(`row.forwarded`,l,d)!==null||T(l,`forwarded`,d)||h.length>g.length||void 0,reactions:It(o,p,d),media:x.media}}
function yt({reading:e,row:t,bubble:n,pre:i,body:a,free:o,outside:s},c,l,u,d){let f=c===`none`&&(i||a);i&&(e.must(`row.bubble`,r(t,`.message-in, .message-out`)?.parentElement??t),e.tally(`row.tail`,u!==void 0),e.tally(`row.label`,d!==void 0)),l&&i&&e.expects(`row.meta`)&&e.must(`row.meta`,n,o),f&&e.tally(`row.pre`,i!==null),f&&i&&wt({bubble:n,outside:s})===``&&e.must(`row.body`,n,s)}
function bt(t,r){return t.one(`row.quoted`,r)??n(r,`[aria-label]`).find(t=>d.quoted.includes(F(e(t,`aria-label`))))??t.one(`row.quoted_loose`,r)}
function xt(t,i){return[r(t,pt),...n(t,pt)].find(t=>t&&/^\s*\[/.test(e(t,`data-pre-plain-text`))&&i(t))??null}
function St(e,t,n,a){let o=e.one(`row.preview_card`,t),s=e=>a(e)&&e!==n&&!e.hasAttribute(`data-pre-plain-text`)&&!e.hasAttribute(`title`)&&!i(o,e)&&!r(e,ft);return e.one(`row.body`,n,s)??e.one(`row.body`,t,s)}
function Ct(t,n,i){return t.one(`row.body_loose`,n,t=>i(t)&&!t.hasAttribute(`title`)&&!r(t,ft)&&!e(n,`data-pre-plain-text`).trimEnd().endsWith(`] ${t.textContent}:`)&&!R.test(P(a(t)).slice(0,20)))}
function wt({bubble:t,outside:i}){return n(t,`img[data-plain-text], img.emoji[alt]`).filter(e=>i(e)&&!r(e,`[data-testid=reaction-bubble], button`)).map(t=>t.getAttribute(`data-plain-text`)??e(t,`alt`)).join(``)}
function Tt(e){let t=e.find(({element:e})=>!r(e,`[data-testid^=poll-option], button`));return t?I(t.element):``}
function Et({bubble:e,body:t,meta:n},r){if(n||!r)return n;let a=r.element.parentElement;return a?.childElementCount===1&&a!==e&&(a=a.parentElement),!a||a===e||t&&i(a,t)?r.element:a}
function Dt(e,t,n){return z(e,t).map(e=>e.text).filter(e=>e!==n?.text).slice(0,8)}
function Ot(e,t){return e&&T(e,t)||void 0}
function kt(t){let r=n(t,`[aria-label]`).map(t=>e(t,`aria-label`));return r.length===0?void 0:r.slice(0,8).map(N)}
function At(e){return c(r(e,`.message-in, .message-out`)??t(e,`.message-in, .message-out`),({classList:e})=>e.contains(`message-out`)?`out`:`in`)}
function jt(e,t){return[`out`,`in`].find(n=>T(e,`tail_${n}`,t))}
function Mt(t,r){return c(n(t,`span[aria-label]`).find(t=>/[:：]\s*$/.test(e(t,`aria-label`))&&r(t)),t=>N(e(t,`aria-label`).trim()))}
function Nt(e,t,n){if(!(n.width<=0))for(let r of[e,t,e.firstElementChild]){if(!r||getComputedStyle(r).display===`inline`)continue;let e=s(r);if(e.width<=0||e.width>n.width*.9)continue;let t=(e.left+e.width/2-(n.left+n.width/2))/n.width;if(!(Math.abs(t)<.03))return t>0===se()?`start`:`end`}}
function Pt(e,t){return n(e,l).some(e=>t(e)&&ye(e))}
function Ft(e,n){let r=n.matches(`.quoted-mention`)?n:t(n,`.quoted-mention`),a=e=>t=>!e||!(i(e,t)||i(t,e)),o=e.one(`row.author`,n,a(r))??e.one(`quoted.author`,n,a(r)),s=a(o),l=r??e.one(`row.body`,n,s);return{sender:N(c(o,L)??``)||void 0,text:fe(c(l,I)??z(n,s).map(e=>e.text).join(` `)).text}}
function It(t,n,i){let a=t.all(`row.reactions`,n,e=>i(e)&&!r(e,`[data-testid=msg-container]`)).map(t=>N(e(t,`aria-label`))).filter(e=>e!==``);return a.length===0?void 0:a.slice(0,20)}
function Lt(){let e=new j,t=Rt(e),n=t===`main`;return{v:1,kind:`state`,visible:k(),generation:ce(),lang:A(),screen:t,qr:t===`qr`?Gt(e):void 0,sync_percent:t===`syncing`||n?Yt(e,n):void 0,own_title:n?Zt(e):void 0,offline:n&&Qt(e),dialog:n||t===`unknown`?en(e):void 0}}
function Rt(e){let t=ae();if(!t)return`blank`;let n=Bt(e);if(n)return n;if(e.has(`screen.loading`))return Yt(e,!1)===void 0?`startup`:`syncing`;if(e.has(`screen.main`))return`main`;if(e.has(`screen.phone_login`))return`phone_login`;let r=Ut(e);return r?Wt(e,r):zt(t)}
function zt(e){let n=O(`#app`);if(O(`#wa_web_initial_startup`))return`startup`;let r=F(a(e).slice(0,2e4));if(/google chrome \d+\+/.test(r)||!n&&y(r,d.unsupported))return`unsupported`;let i=[[`qr_wait`,d.login],[`blocked`,d.blocked],[`passkey`,d.passkey],[`offline`,d.offline],[`logged_out`,d.logged_out]];for(let[e,t]of i)if(y(r,t))return e;return!n||n.childElementCount===0||r===``?`blank`:t(n,`progress, [role=progressbar]`)?`startup`:`unknown`}
function Bt(e){if(Ht(e).some(Vt))return`another_session`;let t=e.one(`dialog.confirm`);return!t||e.has(`screen.main`)||e.has(`screen.qr_value`)?null:e.has(`dialog.ok`,t)&&e.has(`dialog.cancel`,t)?`conflict`:null}
function Vt(e){return y(F(a(e)),d.dialogs.use_here??[])}
function Ht(e){let t=[...new Set([...e.all(`dialog`),...e.all(`dialog.confirm`)])];return t.filter(e=>!t.some(t=>t!==e&&i(t,e)))}
function Ut(e){return e.one(`screen.qr`)??e.one(`screen.qr_value`)}
function Wt(e,t){return qt(t)||Kt(t)?`qr_idle`:Gt(e)?`qr`:`qr_wait`}
function Gt(e){let t=e.attribute(`screen.qr_value`);return t&&t.length<=2e3&&/^(2@|https:\/\/wa\.me\/)/.test(t)?t.toWellFormed():void 0}
function Kt(e){let n=o(e)===`CANVAS`?e:t(e,`canvas`);for(let t=n;t;t=t.parentElement){let n=getComputedStyle(t).opacity;if(n!==``&&Number(n)<.3)return!0;if(t===e)break}return!1}
function qt(e){let n=e.matches(`button`)?e:t(e,l);if(n)return n;for(let t=e.parentElement,n=0;t&&n<3;t=t.parentElement,n++){let e=w(t,`refresh`)?.element.closest(l);if(e)return e}return null}
function Jt(){let e=new j,t=Ut(e);return B(t&&!e.has(`screen.main`)?qt(t):null)}
function Yt(e,t){if(!t){let t=e.one(`screen.loading`);return Xt(a(t&&o(t)===`PROGRESS`?t.parentElement:t))}for(let t of re(`#side [data-testid^=chat-butterbar], #side [data-testid*=sync]`).concat(e.all(`screen.banner`))){let e=Xt(a(t));if(e!==void 0)return e}}
function Xt(e){let t=/(\d{1,3})\s?%|%\s?(\d{1,3})/.exec(e.slice(0,5e3)),n=Number(t?.[1]??t?.[2]??NaN);return n>=0&&n<=100?n:void 0}
function Zt(n){return N(e(t(n.one(`list.yourself`),`span[title]`),`title`))||void 0}
function Qt(e){if(e.has(`screen.offline_banner`))return!0;let t=O(`#side`);return t?T(t,`offline`)?!0:e.all(`screen.banner`).some(e=>y(F(a(e)),d.offline)):!1}function $t(){return en(new j)??{present:!1,x:0,y:0}}
function en(e){let t=Ht(e).at(-1);if(!t)return;let n=F(a(t)).slice(0,500),r=tn(e,t,n),{x:i,y:o}=B(r?nn(e,t):null);return{present:!0,...r?{known:r}:{text:N(n)},x:i,y:o}}
function tn(e,t,n){return e.has(`dialog.continue`,t)?`fresh_look`:Object.entries(d.dialogs).find(([,e])=>y(n,e??[]))?.[0]}
function nn(e,i){let a=e.one(`dialog.continue`,i)??t(i,`[data-testid=popup-controls-ok]`);return a?r(a,`button, [role=button]`)??t(a,`button, [role=button]`)??a:n(i,`button, [role=button]`).at(-1)??null}
function rn(){let e=new j;for(let t of Ht(e))if(Vt(t))return B(n(t,`button, [role=button]`).findLast(Vt)??nn(e,t));return B(null)}
function K(e){return e.one(`main`)}
function an(e){return e.must(`header`,K(e))}
function on(e=new j){let n=an(e);if(!n)return{present:!1,title:``};let r=e.must(`header.title`,n,e=>sn(e)!==``),a=c(r,sn)??``;return a===``&&e.missing(`header.title`),{present:!0,title:a,subtitle:N(c(e.one(`header.subtitle`,n,e=>!i(r,e)),e=>e.getAttribute(`title`)??t(e,`[title]`)?.getAttribute(`title`)??L(e))??``)||void 0}}
function sn(e){return N((e.hasAttribute(`title`)?e:t(e,`span[title][dir=auto]`))?.getAttribute(`title`)||P(I(e)))}
function q(e){let t=K(e);if(!t)return null;let r=n(t,`[data-id]`),a=e=>r.every((t,n)=>n>0&&n<r.length-1||i(e,t));return e.must(`messages.box`,t,a)??cn(e.one(`messages.list`,t,a)??ln(r))}
function cn(e){for(let t=e;t&&t.id!==`main`;t=t.parentElement)if(/auto|scroll/.test(getComputedStyle(t).overflowY))return t;return e}
function ln(e){let t=e.at(-1),n=(e[0]?.closest(`[role=row]`)??e[0])?.parentElement??null;for(;n&&t&&!i(n,t);)n=n.parentElement;return n}
function un(n){let r=[],i=(n,a)=>{for(let o of n.children){let n=e(o,`data-id`);n?r.push({element:o,id:n}):a<30&&t(o,`[data-id]`)?i(o,a+1):r.push({element:o})}};return i(n,0),r}
function J(e=new j,t,n){let r={v:1,kind:`conversation`,visible:k(),open:!1,lang:A(),title:``,rows:[],at_start:!1,at_end:!1,offline:!1,writable:!1},i=q(e),a=on(e);if(!a.present||!i)return K(e)?{...r,health:e.report}:r;let o=un(i),s=t===void 0?0:o.findIndex(({id:e})=>e&&hn(e,t))+1;if(t!==void 0&&s===0)return null;let l=n===void 0?_n(e,o.slice(s)):o.slice(n.from,n.from+n.count),u=r.visible?gn(e,l,i):[],d=i.scrollHeight-i.scrollTop-i.clientHeight<24;K(e)?.querySelector(`[contenteditable=true]`)&&e.must(`composer`,K(e));let f=pn(e),p={...r,open:!0,title:a.title,subtitle:a.subtitle,avatar:dn(e),composer_label:c(f,fn),rows:u,at_start:u.some(e=>e.row===`start`),at_end:d,offline:Qt(e),writable:f!==null,health:e.report};return n===void 0?wn(p):{...p,pieces:o.length}}
function dn(e){let t=an(e);return t===null?void 0:Ge(t)}
function fn(e){return e.getAttribute(`aria-label`)?.slice(0,1e3).toWellFormed()}
function pn(e){return e.one(`composer`,K(e))}
function mn(e){return/^(?:true|false)_[^_]*@[^_]*_([^_]+)/.exec(e)?.[1]??e}
function hn(e,t){return e===t||mn(e)===mn(t)}
function gn(e,n,r){let i=s(r),a=[],o=new Set,c=0;for(let{element:t,id:r}of n){if(!r){let n=Cn(e,t);n&&a.push(n);continue}if(o.has(r)||r.length>300)continue;if(o.add(r),!W(e,t)){a.push({row:`message`,id:r,drawn:!1});continue}c+=1;let n=vn(e,t,r.toWellFormed(),i);(n.row!==`message`||n.text!==``||n.kind!==`none`||n.clock!==void 0)&&(e.report.rows_read+=1),a.push(n)}return e.report.rows_seen+=c,(o.size>0||t(r,`[data-pre-plain-text]`))&&e.tally(`row.id`,o.size>0),c>0&&e.report.rows_read===0&&(e.report.alarm=!0),a}
function _n(e,t){if(t.length<=1400)return t;let n=t.findIndex(({id:t,element:n})=>t&&W(e,n)),r=Math.max(0,Math.min(n<0?t.length:n-100,t.length-Ce));return t.slice(r,r+Ce)}
function vn(e,t,n,r){if(e.has(`row.notice`,t)&&!G(e,t)&&!yn(e,t))return Sn(e,t,n);let i=ht(e,t),a=vt(i,n,r),o=i.bubble===t&&!i.pre&&!/\bmessage-(in|out)\b/.test(t.className),s=a.kind===`none`&&a.status===void 0,c=o&&(s&&(a.text===``||a.clock===void 0&&a.tail===void 0)||e.has(`row.card`,t)),l=e.has(`row.subtype`,t)&&!i.pre&&s;return c||l?Sn(e,t,n):a}
function yn(e,t){return e.has(`kind.call`,t)||!e.has(`row.subtype`,t)&&y(F(L(t)),d.call)&&!bn(t)}
function bn(e){return y(F(L(e)),d.encryption)}
function xn(e){return N(L(e)).slice(0,1e3).toWellFormed()}
function Sn(e,t,n){let r=e.attribute(`row.subtype`,t)?.replace(/^subtype-/,``);return{row:bn(t)?`start`:`notice`,id:n,drawn:!0,text:xn(t),subtype:c(r,N)}}
function Cn(e,n){let r=L(n);if(r!==``)return n.matches(`[data-testid=msg-notification-container]`)||e.has(`row.notice`,n)||y(r.toLowerCase(),d.encryption)&&r.length>40?Sn(e,n):n.matches(`span[aria-live=polite]`)||e.has(`row.divider`,n)?{row:`divider`,drawn:!0,text:N(r)}:r.length>60||t(n,`button, [role=button], progress`)?{row:`notice`,drawn:!0,text:xn(n)}:{row:`marker`,drawn:!0,text:N(r)}}
function wn(e){let t=new TextEncoder,n=t.encode(JSON.stringify(e)).length;for(let r=0;n>9e5&&r<e.rows.length-1;r++){let i=e.rows[r];i?.id&&i.drawn&&(n-=t.encode(JSON.stringify(i)).length-60,e.rows[r]={row:`message`,id:i.id,drawn:!1})}return e}var Tn=30,En={state:30,list:100,conversation:100},Dn=5e3,On=200,kn=[`state`,`list`,`conversation`].map(e=>({kind:e,dirty:!0,last:-1e3,hash:``})),Y={},An=``,X,jn=0;
function Mn(){let e=globalThis.qnObserve;return typeof e==`function`?e:void 0}
function Nn(e){let t=3735928559,n=1103547991;for(let r=0;r<e.length;r++){let i=e.charCodeAt(r);t=Math.imul(t^i,2654435761),n=Math.imul(n^i,1597334677)}return`${e.length}:${(t>>>0).toString(36)}${(n>>>0).toString(36)}`}
function Pn(){let e=[Y.list,Y.conversation].filter(e=>e!==void 0),t={},n={};for(let r of e){for(let[e,n]of Object.entries(r.empty))t[e]=(t[e]??0)+n;for(let[e,[t,i]]of Object.entries(r.tallies)){let r=n[e]??[0,0];n[e]=[r[0]+t,r[1]+i]}}return{generation:e[0]?.generation??`unknown`,rows_seen:e.reduce((e,t)=>e+t.rows_seen,0),rows_read:e.reduce((e,t)=>e+t.rows_read,0),anchors:Object.assign({},...e.map(e=>e.anchors)),empty:t,tallies:n,alarm:e.some(e=>e.alarm)}}
function Fn(e){if(e===`state`)return Lt();let t=new j;if(e===`list`){let{health:e,...n}=H(t);return Y.list=e,n.present?n:void 0}if(!k())return;let{health:n,...r}=J(t)??{open:!1};return Y.conversation=n,r.open?r:void 0}var In=1500,Z;
function Ln(e){return e.screen===`unknown`?(Z??=performance.now(),performance.now()-Z<In):(Z=void 0,!1)}
function Rn(e,t){let n=Fn(e.kind);if(e.kind===`state`&&n!==void 0&&Ln(n)){e.dirty=!0;return}if(n===void 0){e.hash=``;return}let r=Nn(JSON.stringify({...n,look:0}));r!==e.hash&&(t(JSON.stringify(n)),e.hash=r)}
function zn(e){let t=JSON.stringify({v:1,kind:`health`,health:Pn()}),n=Nn(t);n===An||Y.list===void 0&&Y.conversation===void 0||(e(t),An=n)}
function Bn(){X=void 0;let e=Mn();if(e===void 0){Vn(On);return}let t=performance.now(),n;for(let r of kn){if(!r.dirty)continue;let i=r.last+En[r.kind]-t;if(i>0)n=Math.min(n??i,i);else{r.dirty=!1,r.last=t;try{Rn(r,e)}catch{r.hash=``}}}try{zn(e)}catch{An=``}Z!==void 0&&(n=Math.min(n??In,In/5)),n!==void 0&&Vn(n)}
function Vn(e){let t=performance.now()+e;X!==void 0&&jn<=t||(clearTimeout(X),jn=t,X=setTimeout(Bn,e))}
function Q(...e){for(let t of kn)e.includes(t.kind)&&(t.dirty=!0);Vn(Tn)}function $(){Q(`state`,`list`,`conversation`)}
function Hn(e){if(e.length>200){$();return}let t=new Set;for(let{target:n}of e){let e=n instanceof Element?n:n.parentElement;if(e?.closest(`#pane-side`))t.add(`list`);else if(e?.closest(`#main`))t.add(`conversation`);else{$();return}}Q(...t)}
function Un(){Y.list=void 0,Y.conversation=void 0;for(let e of kn)e.hash=``;$()}
function Wn(){new MutationObserver(Hn).observe(document,{subtree:!0,childList:!0,characterData:!0,attributes:!0,attributeFilter:[`aria-label`,`aria-rowcount`,`aria-selected`,`class`,`data-icon`,`data-id`,`data-pre-plain-text`,`data-ref`,`data-testid`,`data-virtualized`,`lang`,`src`,`style`,`title`,`value`]}),document.addEventListener(`scroll`,()=>Q(`list`,`conversation`),{capture:!0,passive:!0}),document.addEventListener(`input`,()=>Q(`list`,`conversation`),{capture:!0,passive:!0}),document.addEventListener(`visibilitychange`,$),document.addEventListener(`readystatechange`,$),setInterval($,Dn),$()}var Gn={found:`none`,x:0,y:0,position:0,clickable:!1,top:0,height:0,inView:!1,selected:!1};
function Kn(e){return/^\+[\d\s().\-\u2010-\u2013]+$/.test(P(e))?e.replace(/\D/g,``):``}
function qn({title:t,phone:n}){let r=new j,i=V(r);if(!i)return Gn;let a=P(t),o=n?.replace(/\D/g,``),c=we(r,i),l=t=>c.filter(n=>t(e(n.title,`title`))),u=l(e=>P(e)===a);u.length===0&&o&&(u=l(e=>Kn(e)===o));let d=u[0];if(!d)return Gn;let f=r.one(`list.cell`,d.element)??d.element,{x:p,y:m}=B(f),h=s(i),g=s(f).height>0&&m>h.top&&m<h.bottom&&p>h.left&&p<h.right;return{found:u.length===1?`one`:`many`,x:p,y:m,position:d.position,clickable:u.length===1&&g&&Jn(f,d.element,{x:p,y:m})&&Yn(r,i,d.element,d.y),top:d.y,height:d.height,inView:g,selected:Re(d.element)}}
function Jn(e,t,n){return getComputedStyle(e).pointerEvents!==`none`&&i(t,document.elementFromPoint(n.x,n.y))}
function Yn(e,t,n,r){let i=e.one(`list.grid`,t);if(!i)return!0;let a=s(n).top,o=e=>Math.abs(a-s(e).top-r)<3;return o(n.parentElement??i)||o(i)||!/translate/.test(n.style.transform)}
function Xn(e){let{scrollTop:t,scrollHeight:n,clientHeight:r}=e??{scrollTop:0,scrollHeight:0,clientHeight:0};return{...B(e),scrollTop:t,scrollHeight:n,clientHeight:r}}
function Zn(e,t){return e?.scrollTo({top:t===`end`?e.scrollHeight:Number(t)||0,behavior:`instant`}),Xn(e)}
function Qn(){let t=pn(new j),n=c(t,xe)?.toWellFormed()??``,r=oe();return{...B(t),writable:t!==null&&e(t,`aria-disabled`)!==`true`,text:n,empty:n===``,focused:r!==null&&i(t,r),hasDraft:n!==``,label:c(t,fn)}}function $n(){let e=new j,t=e.one(`send`,K(e),e=>!T(e,`microphone`));return B(t?.closest(`button, [role=button]`)??t)}
function er(){let e=new j,t=q(e);if(!t)return null;let n=un(t).findLast(({id:t,element:n})=>t&&(!W(e,n)||!e.has(`row.notice`,n)));return n?.id?{key:mn(n.id).toWellFormed(),direction:tr(n.id,n.element)}:null}
function tr(e,n){return e.startsWith(`true_`)||t(n,`.message-out`)||T(n,`tail_out`)||T(n,`ack`)?`out`:e.startsWith(`false_`)||t(n,`.message-in`)||T(n,`tail_in`)?`in`:`unknown`}
function nr({key:e,place:t}){let n=new j,{title:r}=on(n),i=(c(q(n),un)??[]).find(({id:t,element:r})=>t&&hn(t,e)&&W(n,r));return i?{title:r,drawn:!0,..._t(n,i.element,t)}:{title:r,drawn:!1}}var rr={state:Lt,list:()=>H(),conversation:()=>J(),chats:e=>H(new j,void 0,e),archive:(e,t=new j)=>H(t,je(t),e),rows:e=>J(new j,void 0,e),chatRow:qn,listBox:()=>Xn(V(new j)),conversationBox:()=>Xn(q(new j)),scrollListTo:({top:e})=>Zn(V(new j),e),scrollConversationTo:({top:e})=>Zn(q(new j),e),composer:Qn,sendButton:$n,lastMessage:er,media:nr,messages:({after:e})=>J(new j,e??void 0)??{error:`after_not_found`},qrReload:Jt,useHere:rn,dialog:$t,header:()=>on(),visible:k,useProfiles:e=>(m(e),Un(),!0)};
function ir(){let e={};for(let[t,n]of Object.entries(rr))e[t]=e=>{try{return n(e??{})??null}catch(e){return{error:`${t}: ${e instanceof Error?e.message:``}`.slice(0,200).toWellFormed()}}};return e}var ar=globalThis;ar.__qn===void 0&&globalThis.top===globalThis.self&&(ar.__qn=ir(),Wn())})();